"""Settings: what an operator writes, forgets and mistypes."""

import re
import stat
import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.__main__ import main
from bot.config import Config, ConfigError, load, require_platform
from bot.settings import setting_names
from bot.toml_lines import line_of

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
SOCKET_TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def written(folder: Path, text: str) -> Path:
    """The operator's config.toml."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(folder: Path, text: str, env: dict[str, str] | None = None) -> str:
    """What the operator reads instead of a running bot."""
    with pytest.raises(ConfigError) as caught:
        load(written(folder, text), env or {})
    return str(caught.value).replace(str(folder) + "/", "")


def test_without_a_file_the_defaults_hold() -> None:
    config = load(None, {})

    assert config.database.sqlite_file == Path("rounds.db")
    assert config.platforms == ()
    assert config.health.host == "127.0.0.1"
    assert config.slack.per_minute == 300


def test_the_example_loads_and_changes_nothing() -> None:
    assert load(EXAMPLE, {}) == load(None, {})


def test_the_example_names_every_setting_with_its_default(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^#(?=\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"))
    named = {(section, name) for section, part in tomllib.loads(text).items() for name in part}

    assert named == set(setting_names())
    assert load(written(tmp_path, text), {}) == load(None, {})


def test_a_platform_runs_when_its_token_is_there() -> None:
    assert load(None, {"DISCORD_TOKEN": "abc"}).platforms == ("discord",)
    assert load(None, SOCKET_TOKENS).platforms == ("slack",)
    assert load(None, {"DISCORD_TOKEN": "abc", **SOCKET_TOKENS}).platforms == ("discord", "slack")


def test_running_for_no_platform_names_the_variables() -> None:
    with pytest.raises(ConfigError) as caught:
        require_platform(load(None, {}))

    assert caught.value.exit_status == 2
    for name in ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert name in str(caught.value)
    require_platform(load(None, {"DISCORD_TOKEN": "abc"}))


def test_a_variable_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[discord]\ntoken = "from-file"\n')
    token = load(path, {"DISCORD_TOKEN": "from-variable"}).discord.token

    assert token is not None
    assert token.get_secret_value() == "from-variable"


def test_a_token_may_come_from_a_file_named_by_a_variable(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("abc\n", encoding="utf-8")
    token = load(None, {"DISCORD_TOKEN_FILE": str(secret)}).discord.token

    assert token is not None
    assert token.get_secret_value() == "abc"


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    path = written(tmp_path, '[discord]\ntoken = "abc"\n')
    token = load(path, {"DISCORD_TOKEN": " ", "DISCORD_TOKEN_FILE": ""}).discord.token

    assert token is not None
    assert token.get_secret_value() == "abc"


def test_variables_of_other_programs_are_left_alone() -> None:
    assert load(None, {"LOG": "x", "SLACK": "y", "HEALTH": "{", "DATABASE": "z"}) == load(None, {})


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = complaint(
        tmp_path,
        "[discord]\n"
        'tokn = "abc"\n'
        "\n"
        "[slack]\n"
        'mode = "sockets"\n'
        "per_minute = 0\n"
        'port = "3000"\n'
        'bot_token = "xoxb-1"\n'
        "[helth]\n",
        {"SLACK_SIGNING_SECRET_FILE": "/nowhere/secret"},
    )

    assert text.startswith("The configuration has 7 problems:")
    assert "config.toml:2: discord.tokn: unknown setting; did you mean discord.token?" in text
    assert "config.toml:5: slack.mode: must be 'socket' or 'http'" in text
    assert "config.toml:6: slack.per_minute: must be greater than or equal to 1" in text
    assert "config.toml:7: slack.port: must be a whole number" in text
    assert "config.toml:9: helth: unknown setting; did you mean health?" in text
    assert "slack.app_token: is missing" in text
    assert "environment: SLACK_SIGNING_SECRET_FILE: cannot read /nowhere/secret: No such" in text


def test_a_setting_without_its_heading_is_shown_where_it_belongs(tmp_path: Path) -> None:
    assert "did you mean slack.signing_secret?" in complaint(tmp_path, 'signing_secret = "x"')


def test_a_heading_written_as_a_setting_is_explained(tmp_path: Path) -> None:
    text = complaint(tmp_path, "health = 3\n", {"DISCORD_TOKEN": "abc"})
    assert "config.toml:1: health: must be a section: [health] on a line of its own" in text

    text = complaint(tmp_path, "discord = 3\n", {"DISCORD_TOKEN": "abc"})
    assert "discord: must be a section" in text


def test_broken_toml_says_where(tmp_path: Path) -> None:
    text = complaint(tmp_path, "[discord]\ntoken = abc\n")

    assert "config.toml: is not valid TOML" in text
    assert "line 2" in text


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "none.toml", {})
    with pytest.raises(ConfigError, match="directory"):
        load(tmp_path, {})
    (tmp_path / "latin.toml").write_bytes(b'[log]\nlevel = "\xe9"\n')
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(tmp_path / "latin.toml", {})


@pytest.mark.parametrize(
    ("env", "key", "advice"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "slack.app_token", "Socket Mode needs it"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "slack.bot_token", "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "s"}, "slack.bot_token", "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "slack.bot_token", "belongs in slack.app_token"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "slack.app_token", "belongs in slack.bot_token"),
    ],
)
def test_half_of_slack_says_precisely_what_is_missing(
    env: dict[str, str], key: str, advice: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, env)

    said = {problem.key: problem.message for problem in caught.value.problems}
    assert advice in said[key]


def test_slack_over_http_needs_the_signing_secret_and_no_app_token(tmp_path: Path) -> None:
    http = '[slack]\nmode = "http"\n'
    text = complaint(tmp_path, http, {"SLACK_BOT_TOKEN": "xoxb-1"})
    assert "slack.signing_secret: is missing" in text
    assert "app_token" not in text

    path = written(tmp_path, http)
    env = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    assert load(path, env).platforms == ("slack",)


def test_a_variable_and_its_file_together_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("\n", encoding="utf-8")
    both = {"DISCORD_TOKEN": "a", "DISCORD_TOKEN_FILE": str(secret)}

    with pytest.raises(ConfigError, match="DISCORD_TOKEN_FILE: choose one"):
        load(None, both)
    with pytest.raises(ConfigError, match="is empty"):
        load(None, {"DISCORD_TOKEN_FILE": str(secret)})
    secret.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(None, {"DISCORD_TOKEN_FILE": str(secret)})


def test_secrets_never_show(tmp_path: Path) -> None:
    path = written(tmp_path, '[database]\nurl = "postgresql://rounds:hunter2@db/rounds"\n')
    secret = "hunter2"
    env = {"DISCORD_TOKEN": secret, "SLACK_BOT_TOKEN": secret, "SLACK_APP_TOKEN": secret}

    assert secret not in repr(load(path, env))
    assert secret not in str(load(path, env).database.parsed)
    spoilt = written(tmp_path, f'[discord]\ntoken = ["{secret}"]\n[slack]\napp_token = {{a="x"}}')
    with pytest.raises(ConfigError) as caught:
        load(spoilt, {"SLACK_BOT_TOKEN": f"{secret} {secret}"})
    assert secret not in str(caught.value)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("given_url", "used"),
    [
        ("sqlite:///rounds.db", "sqlite+aiosqlite:///rounds.db"),
        ("sqlite:////var/lib/rounds.db", "sqlite+aiosqlite:////var/lib/rounds.db"),
        ("postgres://me:pw@db/rounds", "postgresql+asyncpg://me:pw@db/rounds"),
        ("postgresql://me:pw@db:5433/rounds", "postgresql+asyncpg://me:pw@db:5433/rounds"),
    ],
)
def test_a_database_is_named_without_its_driver(given_url: str, used: str) -> None:
    assert load(None, {"ROUNDS_DATABASE_URL": given_url}).database.url == used


@pytest.mark.parametrize("url", ["rounds.db", "mysql://db/rounds", "sqlite+pysqlite:///x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"ROUNDS_DATABASE_URL: must"):
        load(None, {"ROUNDS_DATABASE_URL": url})


@pytest.mark.parametrize(
    "text",
    [
        '[discord]\napi_url = "discord.com"',
        '[discord]\ngateway_url = "https://gateway"',
        '[slack]\napi_url = "https://"',
        '[slack]\nprefix = "Rounds "',
        "[health]\nport = 70000",
        "[scheduler]\ntick_seconds = nan",
        '[log]\nlevel = "loud"',
    ],
)
def test_a_value_out_of_range_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    assert re.search(
        r"^Configuration: config\.toml:2: \w+\.\w+: must .*$", complaint(tmp_path, text)
    )


def test_debug_is_no_setting_but_asked_for_by_whoever_starts_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[log]\nlevel = "debug"\n', encoding="utf-8")

    assert main(["--config", str(file), "run"]) == 2
    told = capsys.readouterr().err
    assert "config.toml:2: log.level: debug may write down what people wrote" in told
    assert "rounds run --unsafe-debug" in told


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(load(None, {}), "log", None)  # noqa: B010 - the types forbid it already


def test_a_line_is_found_in_every_way_of_writing_it() -> None:
    text = (
        'note = """\n'
        "[slack]\n"
        'mode = "in a string"\n'
        '"""\n'
        'slack.mode = "socket"\n'
        "health = { port = 1 }\n"
        '["discord"]  # heading\n'
        'token.x = "a"\n'
    )

    assert line_of(text, ("slack", "mode")) == 5
    assert line_of(text, ("health", "port")) == 6
    assert line_of(text, ("discord", "gateway_url")) == 7
    assert line_of(text, ("discord", "token", "x")) == 8
    assert line_of(text, ("log", "level")) is None


names = st.text(string.ascii_lowercase + "_", min_size=1, max_size=8)


@given(
    st.dictionaries(names, st.dictionaries(names, st.text(), min_size=1, max_size=3), max_size=4)
)
def test_the_line_of_any_setting_is_the_one_it_stands_on(tables: dict[str, dict[str, str]]) -> None:
    lines: list[str] = []
    expected: dict[tuple[str, str], int] = {}
    for table, settings in tables.items():
        lines += ["", f"[{table}] # {table}"]
        for name, value in settings.items():
            quoted = "".join(f"\\U{ord(char):08x}" for char in value)
            lines.append(f'{name} = "{quoted}"')
            expected[table, name] = len(lines)

    text = "\n".join(lines)

    assert {key: line_of(text, key) for key in expected} == expected


@given(st.recursive(st.text() | st.integers() | st.booleans(), st.lists, max_leaves=3))
def test_no_value_of_a_token_is_ever_repeated(value: object) -> None:
    canary = "canary-7f3a"
    with pytest.raises(ValueError, match="token") as caught:
        Config.model_validate({"discord": {"token": [canary, value]}})
    assert canary not in str(caught.value)


def test_the_example_holds_no_secret_and_is_no_program() -> None:
    assert not re.search(r"xox[bp]-\d", EXAMPLE.read_text(encoding="utf-8"))
    assert not EXAMPLE.stat().st_mode & stat.S_IXUSR
