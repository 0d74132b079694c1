"""The house as it was drawn: who may know whom, and what no file may do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(
    path for name in ("bot", "adapters", "scheduler") for path in (ROOT / name).rglob("*.py")
)
MIGRATIONS = ROOT / "bot/store/migrations"

PLATFORM_LIBRARIES = ("discord", "slack_bolt", "slack_sdk", "aiohttp", "apscheduler")
ADAPTERS = ("console", "discord", "slack")
FEATURES = ("groups", "meetings", "cases", "turns", "my", "rounds", "prompts", "live", "written")
COMPOSITION = ("bot.__main__",)
TOGETHER = ("bot.app", "bot.features")
"""Where the features meet; only what stands above them may import these."""

LAST_RESORTS = {
    "bot.app": 1,
    "bot.guarding.examining": 2,
    "scheduler.loop": 1,
    "scheduler.tries": 1,
}
"""Where anything at all may be caught: a command, the guard, a tick, a delivery."""

LONGEST_FILE = 350
LARGE = {
    "bot/chat/commands.py": 450,
    "bot/store/tables.py": 520,
}
"""Files that are one declaration after another."""


def _named(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {_named(path): path for path in CODE}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}


def _imports(name: str) -> set[str]:
    """Every module that this one imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            both = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (both & MODULES.keys()) or {node.module}
    return found


IMPORTS = {name: _imports(name) for name in MODULES}

LIVE = ("state", "rules", "people", "clock", "agenda", "floors", "speaking")
DECISIONS = [
    name
    for name in MODULES
    if name.endswith((".rules", ".order", ".roles", ".series", ".floor", ".dates"))
    or name in {f"bot.live.{part}" for part in LIVE}
]
"""Pure decisions: values in, values out."""


def _offenders(of: str, but: tuple[str, ...], *roots: str) -> list[str]:
    """Who below `of` imports something below one of these roots."""
    return [
        f"{name} imports {imported}"
        for name in _below(of)
        if name not in but
        for imported in sorted(IMPORTS[name])
        if any(_is_below(imported, root) for root in roots)
    ]


def _below(root: str) -> list[str]:
    return [name for name in MODULES if _is_below(name, root)]


def _is_below(name: str, root: str) -> bool:
    return name == root or name.startswith(root + ".")


def test_the_bot_knows_no_chat_platform() -> None:
    but = (*COMPOSITION, "bot.ops.health")
    assert _offenders("bot", but, *PLATFORM_LIBRARIES, "adapters", "scheduler") == []
    health = IMPORTS["bot.ops.health"]
    assert health.isdisjoint(set(PLATFORM_LIBRARIES) - {"aiohttp"})


def test_the_scheduler_knows_no_platform_and_no_feature() -> None:
    libraries = [library for library in PLATFORM_LIBRARIES if library != "apscheduler"]
    features = [f"bot.{feature}" for feature in FEATURES]
    assert _offenders("scheduler", (), *libraries, "adapters", *features, *TOGETHER) == []


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_adapter_knows_no_other_adapter_and_only_its_own_library(adapter: str) -> None:
    others = [f"adapters.{other}" for other in ADAPTERS if other != adapter]
    foreign = {"discord": ("slack_bolt", "slack_sdk"), "slack": ("discord",)}
    libraries = foreign.get(adapter, PLATFORM_LIBRARIES)
    assert _offenders(f"adapters.{adapter}", (), *others, *libraries, *COMPOSITION) == []


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_knows_no_other_feature(feature: str) -> None:
    others = [f"bot.{other}" for other in FEATURES if other != feature]
    assert _offenders(f"bot.{feature}", (), *others, *TOGETHER) == []


@pytest.mark.parametrize(
    "below", ["schedule", "queue", "chat", "store", "keys", "keeping", "context", "identity"]
)
def test_what_lies_below_the_features_knows_none_of_them(below: str) -> None:
    features = [f"bot.{feature}" for feature in FEATURES]
    assert _offenders(f"bot.{below}", (), *features, *TOGETHER) == []


def test_nothing_else_that_they_share_knows_a_feature_either() -> None:
    features = [f"bot.{feature}" for feature in FEATURES]
    shared = {name.split(".")[1] for name in _below("bot") if "." in name}
    for name in shared - {*FEATURES, "app", "features", "__main__"}:
        assert _offenders(f"bot.{name}", (), *features, *TOGETHER) == []


def test_the_guard_of_identifiers_knows_nothing_of_the_bot() -> None:
    for name in _below("bot.privacy"):
        own = {imported for imported in IMPORTS[name] if _is_below(imported, "bot")}
        assert [imported for imported in own if not _is_below(imported, "bot.privacy")] == []


def test_nothing_imports_the_composition_root() -> None:
    for part in ("bot", "adapters", "scheduler"):
        assert _offenders(part, COMPOSITION, *COMPOSITION) == []


def test_no_two_modules_import_each_other_round_in_a_circle() -> None:
    own = {
        name: {m for m in found if m in MODULES and m != name} for name, found in IMPORTS.items()
    }
    TopologicalSorter(own).prepare()


@pytest.mark.parametrize("name", DECISIONS)
def test_decisions_touch_no_database(name: str) -> None:
    roots = {imported.split(".")[0] for imported in IMPORTS[name]}
    assert "sqlalchemy" not in roots
    assert not [imported for imported in IMPORTS[name] if _is_below(imported, "bot.store")]


def test_the_clock_is_read_in_one_place() -> None:
    readings = {
        f"{name}:{call.lineno}" for name in MODULES for call in _calls(name) if _reads_clock(call)
    }
    assert {reading.split(":")[0] for reading in readings} == {"bot.__main__"}
    assert len(readings) == 1


def _calls(name: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(TREES[name]) if isinstance(node, ast.Call))


def _reads_clock(call: ast.Call) -> bool:
    spelled = ast.unparse(call.func)
    return spelled.endswith(("datetime.now", "utcnow", ".today")) or spelled in (
        *("time.time", "time.monotonic", "time.perf_counter"),
        *("monotonic", "perf_counter", "time.time_ns", "func.now"),
    )


def test_chance_comes_from_a_source_that_is_handed_in() -> None:
    for name in MODULES:
        assert "random" not in {
            alias.name
            for node in ast.walk(TREES[name])
            if isinstance(node, ast.Import)
            for alias in node.names
        }, f"{name} imports random as a whole"
    taken = {
        alias.name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("random", "secrets", "uuid")
        for alias in node.names
    }
    assert taken <= {"Random", "SystemRandom"}


def test_no_file_is_called_by_what_everything_could_be_called() -> None:
    vague = re.compile(r"utils?|helpers?|managers?|services?|common|misc")
    named = [name for name in MODULES for part in name.split(".") if vague.fullmatch(part)]
    classes = [
        f"{name}.{node.name}"
        for name in MODULES
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.ClassDef) and re.search(r"(Util|Helper|Manager|Service)", node.name)
    ]
    assert named + classes == []


def test_files_stay_short() -> None:
    for path in (*CODE, *sorted((ROOT / "tests").rglob("*.py"))):
        if path.is_relative_to(MIGRATIONS):
            continue
        place = path.relative_to(ROOT).as_posix()
        length = len(path.read_text("utf-8").splitlines())
        assert length <= LARGE.get(place, LONGEST_FILE), f"{place} has {length} lines"


def test_anything_at_all_is_caught_only_at_a_command_the_guard_a_tick_and_a_delivery() -> None:
    found: dict[str, int] = {}
    for name in MODULES:
        for node in ast.walk(TREES[name]):
            if isinstance(node, ast.ExceptHandler) and _catches_anything(node):
                found[name] = found.get(name, 0) + 1
    assert all(count <= LAST_RESORTS.get(name, 0) for name, count in found.items()), found


def _catches_anything(handler: ast.ExceptHandler) -> bool:
    """Whether it swallows what it cannot know; tidying up and raising again is something else."""
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    if handler.type is None:
        return True
    caught = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return not caught.isdisjoint({"Exception", "BaseException"})


def test_every_module_says_what_it_is_for() -> None:
    silent = [name for name, tree in TREES.items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []
