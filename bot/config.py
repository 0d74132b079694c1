"""Typed settings from config.toml and the environment; every problem is reported at once."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.ops.errors import OperatorError
from bot.settings import Config, Key, setting_names
from bot.toml_lines import line_of

__all__ = ["Config", "ConfigError", "Problem", "load", "require_platform"]

# What may also come from the environment, under this name or from the file named by NAME_FILE.
VARIABLES: dict[str, Key] = {
    "DISCORD_TOKEN": ("discord", "token"),
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
    "SLACK_SIGNING_SECRET": ("slack", "signing_secret"),
    "ROUNDS_DATABASE_URL": ("database", "url"),
    "ROUNDS_MASTER_KEY": ("keys", "master"),
    "ROUNDS_MASTER_KEY_NEXT": ("keys", "next"),
    "ROUNDS_KEYS_URL": ("keys", "url"),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where the reader finds it."""

    key: str
    message: str
    place: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.key, self.message) if part)


class ConfigError(OperatorError):
    """The configuration cannot be used; holds every problem, so that one reading is enough."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return f"Configuration: {self.problems[0]}"
        head = f"The configuration has {len(self.problems)} problems:"
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])


_NO_PLATFORM = (
    "no platform has its token. For Discord set DISCORD_TOKEN; for Slack set SLACK_BOT_TOKEN and "
    'SLACK_APP_TOKEN (with slack.mode = "http": SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET). Each '
    "may also be the name with _FILE added, naming a file that holds it. "
    "To try Rounds without a platform: rounds demo"
)


def require_platform(config: Config) -> None:
    """Refuse to run for nobody, and say what to set."""
    if not config.platforms:
        raise ConfigError([Problem("", _NO_PLATFORM)])


def load(path: Path | None, env: Mapping[str, str]) -> Config:
    """Read the file (None: there is none) and the variables; raise with all that is wrong."""
    text, values = _read(path)
    variables = list(_variables(env))
    problems = [found for _, _, found in variables if isinstance(found, Problem)]
    for _, (section, name), found in variables:
        table = values.setdefault(section, {})
        if isinstance(table, dict) and not isinstance(found, Problem):
            table[name] = found
    places = {key: (name, "environment") for name, key, _ in variables}
    config = None
    try:
        config = Config(**values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            key = tuple(str(part) for part in detail["loc"])
            name, place = places.get(key) or (".".join(key), _place(path, text, key))
            problems.append(Problem(name, _explain(detail, key), place))
    problems.extend(_missing(values.get("slack"), {key for _, key, _ in variables}))
    if problems or config is None:
        raise ConfigError(problems)
    return config


def _read(path: Path | None) -> tuple[str, dict[str, Any]]:
    """The file's text (for line numbers) and its values."""
    if path is None:
        return "", {}
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        message = "is not UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        message = f"is not valid TOML: {error}"
    raise ConfigError([Problem("", message, str(path))])


def _variables(env: Mapping[str, str]) -> Iterator[tuple[str, Key, object]]:
    """The variables that are set: name, key, and the value or what is wrong with it."""
    for name, key in VARIABLES.items():
        # An empty variable counts as not set: that is how compose files leave one out.
        value, file = env.get(name, "").strip(), env.get(f"{name}_FILE", "").strip()
        if value and file:
            wrong = f"is set, and so is {name}_FILE: choose one"
            yield name, key, Problem(name, wrong, "environment")
        elif file:
            yield f"{name}_FILE", key, _from_file(f"{name}_FILE", key, Path(file))
        elif value:
            yield name, key, _typed(key, value)


def _from_file(name: str, key: Key, file: Path) -> object:
    try:
        value = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        return Problem(name, f"cannot read {file}: {error.strerror}", "environment")
    except UnicodeDecodeError:
        return Problem(name, f"{file} is not UTF-8 text", "environment")
    return _typed(key, value) if value else Problem(name, f"{file} is empty", "environment")


def _typed(key: Key, value: str) -> object:
    return value if key[1] == "url" else SecretStr(value)


def _place(path: Path | None, text: str, key: Key) -> str:
    line = line_of(text, key)
    return f"{path}:{line}" if line else str(path or "")


def _explain(detail: ErrorDetails, key: Key) -> str:
    """Say what was expected, without repeating a value that may be a secret."""
    if detail["type"] == "extra_forbidden":
        return "unknown setting" + _suggestion(key)
    if detail["type"] in {"model_type", "model_attributes_type"}:
        return f"must be a section: [{key[0]}] on a line of its own"
    if detail["type"] == "string_pattern_mismatch":
        return "must be at most 16 of a-z, 0-9, _ and -"
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return message.replace("a valid integer", "a whole number").replace("a valid", "a")


def _suggestion(key: Key) -> str:
    known = [".".join(name) for name in setting_names()]
    sections = list(Config.model_fields)
    near = difflib.get_close_matches(".".join(key), known if len(key) > 1 else sections, 1, 0.7)
    # A setting under the wrong heading (or under none) is as common as a misspelt one.
    near = near or [name for name in known if name.split(".")[-1] == key[-1]]
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _missing(slack: object, set_outside: set[Key]) -> Iterator[Problem]:
    """Slack's tokens come in pairs: say which half is not there, and where it is found."""
    if not isinstance(slack, dict):
        return
    tokens = {name: _plain(slack.get(name)) for name in _WHERE}
    here = {name for name, token in tokens.items() if token or ("slack", name) in set_outside}
    for name, other, prefix in _SWAPPED:
        if tokens[name].startswith(prefix):
            yield Problem(f"slack.{name}", f"begins with {prefix}: it belongs in slack.{other}")
    second = "signing_secret" if slack.get("mode") == "http" else "app_token"
    for name in ("bot_token", second):
        if here and name not in here:
            yield Problem(f"slack.{name}", f"is missing: {_WHERE[name]}")


def _plain(token: object) -> str:
    value = token.get_secret_value() if isinstance(token, SecretStr) else token
    return value.strip() if isinstance(value, str) else str(value or "")


_SWAPPED = (("bot_token", "app_token", "xapp-"), ("app_token", "bot_token", "xoxb-"))

_WHERE = {
    "bot_token": "set SLACK_BOT_TOKEN (xoxb-…, on the app's page OAuth & Permissions)",
    "app_token": (
        "Socket Mode needs it: set SLACK_APP_TOKEN (xapp-… with the scope connections:write, on "
        'the app\'s page Basic Information), or choose slack.mode = "http"'
    ),
    "signing_secret": (
        'slack.mode = "http" needs it: set SLACK_SIGNING_SECRET (on the app\'s page Basic '
        'Information), or choose slack.mode = "socket"'
    ),
}
