"""`rounds check`: what an operator reads before the bot runs."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.config import Problem, load
from bot.ops.check import Finding, TokenTest, check, exit_status
from bot.ops.filesystems import MOUNTS, SHARED, kind_of
from bot.ops.migrate import migrating_engine
from bot.ops.schema import Schema
from bot.store.database import Database
from bot.store.tables import Seen
from bot.store.walls import put_up

SCHEMA = Schema("0002", frozenset({"0001", "0002"}))
NOW = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC) + timedelta(days=2)


async def found(
    env: dict[str, str],
    path: Path | None = None,
    now: datetime = NOW,
    online: dict[str, TokenTest] | None = None,
) -> dict[str, Finding]:
    """The last finding about each thing."""
    findings = [each async for each in check(load(path, env), path, SCHEMA, now, online or {})]
    return {finding.what: finding for finding in findings}


async def kept(url: str, revision: str = "0002") -> None:
    """A database as a migration leaves it."""
    database = Database(url)
    await database.create()
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        await session.execute(text(f"INSERT INTO alembic_version VALUES ('{revision}')"))
    await database.close()


def in_folder(folder: Path) -> dict[str, str]:
    """An environment with a token, and the database in this folder."""
    return {"DISCORD_TOKEN": "abc", "ROUNDS_DATABASE_URL": f"sqlite:///{folder / 'rounds.db'}"}


async def test_before_the_first_run_nothing_is_wrong_and_nothing_is_made(tmp_path: Path) -> None:
    findings = await found(in_folder(tmp_path))

    assert exit_status(list(findings.values())) == 0
    assert findings["database"].verdict == "note"
    assert findings["platforms"].words == "discord"
    assert "tzdata" in findings["zone data"].words
    assert list(tmp_path.iterdir()) == []


async def test_a_bot_that_can_run_is_all_ok(tmp_path: Path) -> None:
    await kept(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}")

    findings = await found(in_folder(tmp_path))

    assert {finding.verdict for finding in findings.values()} == {"ok"}
    assert str(findings["migrations"]).split() == ["ok", "migrations", "up", "to", "date"]


async def test_postgresql_is_checked_with_its_clock(postgresql_url: str) -> None:
    owner = migrating_engine(postgresql_url)
    async with owner.begin() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        await connection.execute(text("INSERT INTO alembic_version VALUES ('0002')"))
        await connection.run_sync(put_up)
        theirs: datetime = (await connection.execute(text("SELECT now()"))).scalar_one()
    await owner.dispose()
    env = {"DISCORD_TOKEN": "abc", "ROUNDS_DATABASE_URL": postgresql_url}

    findings = await found(env, now=theirs)
    assert exit_status(list(findings.values())) == 0
    assert findings["clock"].words == "agrees with the database"
    assert findings["walls"].verdict == "ok"

    findings = await found(env, now=theirs + timedelta(hours=1))
    assert findings["clock"].verdict == "wrong"
    assert "by NTP" in findings["clock"].words


async def test_without_any_token_it_says_what_to_set() -> None:
    findings = await found({"ROUNDS_DATABASE_URL": "sqlite://"})

    assert findings["platforms"].verdict == "note"
    assert "DISCORD_TOKEN" in findings["platforms"].words


@pytest.mark.parametrize(
    ("revision", "words"), [("0001", "run `rounds migrate`"), ("0009", "newer")]
)
async def test_another_schema_is_wrong(tmp_path: Path, revision: str, words: str) -> None:
    await kept(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}", revision)

    findings = await found(in_folder(tmp_path))

    assert exit_status(list(findings.values())) == 1
    assert words in findings["migrations"].words


async def test_a_clock_that_went_back_is_wrong(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}"
    await kept(url)
    database = Database(url)
    async with database.writing() as session:
        session.add(Seen(key="discord:1", at=NOW + timedelta(minutes=1)))
    await database.close()

    findings = await found(in_folder(tmp_path))

    assert findings["clock"].verdict == "wrong"
    assert "later than now: set the clock" in findings["clock"].words


async def test_a_clock_from_before_the_program_is_wrong() -> None:
    findings = await found({}, now=datetime(1970, 1, 2, tzinfo=UTC))

    assert findings["clock"].verdict == "wrong"


async def test_old_zone_data_is_noted() -> None:
    findings = await found({}, now=NOW + timedelta(days=3 * 365))

    assert "pip install -U tzdata" in findings["zone data"].words


async def test_a_missing_folder_is_wrong(tmp_path: Path) -> None:
    findings = await found(in_folder(tmp_path / "none"))

    assert findings["folder"].verdict == "wrong"


async def test_a_damaged_database_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "rounds.db").write_bytes(b"hello" * 1000)

    findings = await found(in_folder(tmp_path))

    assert exit_status(list(findings.values())) == 1
    assert "DatabaseError" in findings["database"].words


async def test_an_unreachable_database_is_wrong_and_its_password_stays_hidden() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"postgresql://me:hunter2@127.0.0.1:{port}/rounds"

    findings = await found({"ROUNDS_DATABASE_URL": url})

    assert findings["database"].verdict == "wrong"
    assert "127.0.0.1" in findings["database"].words
    assert "hunter2" not in str(findings["database"])


async def test_a_configuration_with_tokens_that_others_can_read_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[discord]\ntoken = "abc"\n', encoding="utf-8")

    path.chmod(0o644)
    assert "chmod 600" in (await found({}, path))["configuration"].words
    path.chmod(0o600)
    assert (await found({}, path))["configuration"].verdict == "ok"


def answering(answer: list[Problem] | Exception) -> TokenTest:
    """A platform that takes its tokens in this way."""

    async def test() -> list[Problem]:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return test


async def test_online_the_tokens_are_tried() -> None:
    findings = await found(
        {},
        online={
            "discord": answering([]),
            "slack": answering([Problem("slack.bot_token", "Slack refuses it (invalid_auth)")]),
            "other": answering(ConnectionRefusedError()),
            "silent": answering(TimeoutError()),
        },
    )

    assert findings["discord"].verdict == "ok"
    assert findings["slack"].words == "slack.bot_token: Slack refuses it (invalid_auth)"
    assert "cannot be reached" in findings["other"].words
    assert "no answer" in findings["silent"].words
    assert exit_status(list(findings.values())) == 1


def test_a_network_share_is_recognised(tmp_path: Path) -> None:
    share = tmp_path / "our share"
    (share / "data").mkdir(parents=True)
    mounts = tmp_path / "mountinfo"
    point = str(share).replace(" ", "\\040")
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"90 22 0:50 / {point} rw,relatime shared:9 - nfs4 server:/x rw\n",
        encoding="utf-8",
    )

    assert kind_of(share / "data", mounts) == "nfs4"
    assert kind_of(share / "data", mounts) in SHARED
    assert kind_of(tmp_path, mounts) == "ext4"
    assert kind_of(tmp_path, tmp_path / "none") is None


@pytest.mark.skipif(not MOUNTS.exists(), reason="Linux tells, others do not")
def test_this_machine_tells_its_file_systems() -> None:
    assert kind_of(Path("/proc")) == "proc"
