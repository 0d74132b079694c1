"""Backups of a running bot, and the way back from them."""

import multiprocessing
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.ops.backup import back_up, restore
from bot.ops.errors import OperatorError
from bot.ops.lock import lock_path, only_one
from bot.schedule.plan import plan_due_groups
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.restored import restored_at
from bot.store.tables import Group, Post, Space
from tests.databases import keyed

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
KNOWN = frozenset({"0001", "0002"})


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Database]:
    """The database of a bot that runs, in a file, with one group."""
    database = keyed(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}")
    await database.create()
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        await session.execute(text("INSERT INTO alembic_version VALUES ('0002')"))
        session.add(Space(platform="discord", ref="1"))
        await session.flush()
        session.add(_group())
    yield database
    await database.close()


def _group() -> Group:
    return Group(
        space_id=1,
        channel="2",
        name="Tuesday group",
        every="week",
        weekday=1,
        time=NOW.time(),
        zone="Europe/Berlin",
        first=NOW.date(),
        seed=1,
        planned_at=NOW,
        created_at=NOW,
    )


async def _write_post(database: Database, key: str, due: datetime, **more: object) -> None:
    async with database.writing() as session:
        session.add(
            Post(space_id=1, group_id=1, key=key, kind="call", due_at=due, try_at=due, **more)
        )


async def _posts(path: Path) -> dict[str, tuple[str, str | None]]:
    database = keyed(f"sqlite+aiosqlite:///{path}")
    async with database.reading() as session:
        rows = await session.scalars(select(Post), execution_options=ACROSS_GROUPS)
        found = {post.key: (post.state, post.reason) for post in rows}
    await database.close()
    return found


async def test_a_backup_is_taken_while_the_bot_writes(running: Database, tmp_path: Path) -> None:
    await _write_post(running, "committed", NOW)
    target = tmp_path / "monday.backup"
    async with running.writing() as session:
        session.add(
            Post(space_id=1, group_id=1, key="unfinished", kind="call", due_at=NOW, try_at=NOW)
        )
        await session.flush()

        size = back_up(tmp_path / "rounds.db", target)

    assert size == target.stat().st_size
    assert await _posts(target) == {"committed": ("open", None)}


async def test_a_backup_is_one_file_for_its_owner_only(running: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    back_up(tmp_path / "rounds.db", folder / "monday.backup")

    assert [path.name for path in folder.iterdir()] == ["monday.backup"]
    assert (folder / "monday.backup").stat().st_mode & 0o777 == 0o600


async def test_a_backup_never_overwrites(running: Database, tmp_path: Path) -> None:
    target = tmp_path / "monday.backup"
    target.write_text("precious", encoding="utf-8")

    with pytest.raises(OperatorError, match="there already"):
        back_up(tmp_path / "rounds.db", target)

    assert target.read_text(encoding="utf-8") == "precious"


def test_a_backup_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="there is no database"):
        back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_not_kept_as_a_backup(tmp_path: Path) -> None:
    broken = tmp_path / "rounds.db"
    with closing(sqlite3.connect(broken)) as connection:
        connection.execute("CREATE TABLE a (b TEXT)")
        connection.executemany("INSERT INTO a VALUES (?)", [("x" * 500,)] * 100)
        connection.execute("CREATE INDEX i ON a (b)")
        connection.commit()
    raw = bytearray(broken.read_bytes())
    raw[8192:12288] = b"\xff" * 4096
    broken.write_bytes(raw)

    with pytest.raises(OperatorError, match="damaged"):
        back_up(broken, tmp_path / "monday.backup")

    assert [path.name for path in tmp_path.iterdir()] == ["rounds.db"]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rounds.db").write_bytes(b"hello" * 1000)

    with pytest.raises(OperatorError, match="cannot be copied"):
        back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")


async def test_after_a_restore_nothing_that_may_have_been_sent_is_sent_again(
    running: Database, tmp_path: Path
) -> None:
    await _write_post(running, "overdue", NOW - timedelta(hours=1))
    await _write_post(running, "being-sent", NOW - timedelta(seconds=1), claimed_by="one")
    await _write_post(running, "to-come", NOW + timedelta(seconds=1))
    await _write_post(running, "sent", NOW - timedelta(days=1), state="sent", message="m1")
    await _write_post(running, "card-to-edit", NOW - timedelta(days=1), message="m2")
    back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")
    await running.close()

    result = restore(tmp_path / "monday.backup", tmp_path / "rounds.db", NOW, KNOWN)

    assert result.expired == 2
    assert await _posts(tmp_path / "rounds.db") == {
        "overdue": ("expired", "restored"),
        "being-sent": ("expired", "restored"),
        "to-come": ("open", None),
        "sent": ("sent", None),
        "card-to-edit": ("open", None),
    }


async def test_what_a_restore_has_forgotten_is_not_said_again(
    running: Database, tmp_path: Path
) -> None:
    backup, path = tmp_path / "monday.backup", tmp_path / "rounds.db"
    back_up(path, backup)
    async with running.writing() as session:
        await plan_due_groups(session, NOW)
    before = {key for key, (state, _) in (await _posts(path)).items() if state == "open"}
    await running.close()

    restore(backup, path, NOW + timedelta(days=5), KNOWN)

    database = keyed(f"sqlite+aiosqlite:///{path}")
    async with database.writing() as session:
        await plan_due_groups(session, NOW + timedelta(days=5))
    await database.close()
    after = {key for key, (state, _) in (await _posts(path)).items() if state == "open"}
    # The next meeting is in two days: its call, a day ago, is gone; its agenda is to come.
    assert before - after == {"meeting:1:rev1:call"}
    assert "meeting:1:rev1:agenda" in after


async def test_the_moment_of_the_last_restore_is_remembered(
    running: Database, tmp_path: Path
) -> None:
    backup, path = tmp_path / "monday.backup", tmp_path / "rounds.db"
    back_up(path, backup)
    await running.close()

    for now in (NOW, NOW + timedelta(days=1)):
        restore(backup, path, now, KNOWN)
        backup.unlink()
        back_up(path, backup)

    database = keyed(f"sqlite+aiosqlite:///{path}")
    async with database.reading() as session:
        assert await restored_at(session) == NOW + timedelta(days=1)
    await database.close()


async def test_a_restore_puts_the_old_database_aside_whole(
    running: Database, tmp_path: Path
) -> None:
    back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")
    await _write_post(running, "after-the-backup", NOW)
    wal = tmp_path / "rounds.db-wal"
    assert wal.stat().st_size > 0
    kept = {path.name: path.read_bytes() for path in tmp_path.glob("rounds.db*")}
    await running.close()
    for name, content in kept.items():
        (tmp_path / name).write_bytes(content)

    result = restore(tmp_path / "monday.backup", tmp_path / "rounds.db", NOW, KNOWN)

    assert result.aside == tmp_path / "rounds.db.before-20260310T180000Z"
    assert await _posts(result.aside) == {"after-the-backup": ("open", None)}
    assert await _posts(tmp_path / "rounds.db") == {}


async def test_a_restore_into_an_empty_folder_makes_it(running: Database, tmp_path: Path) -> None:
    back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")

    result = restore(
        tmp_path / "monday.backup", tmp_path / "new" / "the group's #1.db", NOW, frozenset({"0002"})
    )

    assert result.aside is None
    assert await _posts(tmp_path / "new" / "the group's #1.db") == {}


async def test_a_backup_of_a_newer_program_is_refused(running: Database, tmp_path: Path) -> None:
    back_up(tmp_path / "rounds.db", tmp_path / "monday.backup")
    await running.close()
    before = (tmp_path / "rounds.db").read_bytes()

    with pytest.raises(OperatorError, match="schema 0002, newer than this program"):
        restore(tmp_path / "monday.backup", tmp_path / "rounds.db", NOW, frozenset({"0001"}))

    assert (tmp_path / "rounds.db").read_bytes() == before
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob("*.before-*"))


def test_another_program_s_database_is_no_backup(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE a (b TEXT)")

    with pytest.raises(OperatorError, match="no backup of Rounds"):
        restore(other, tmp_path / "rounds.db", NOW, KNOWN)
    with pytest.raises(OperatorError, match="there is no backup"):
        restore(tmp_path / "none", tmp_path / "rounds.db", NOW, KNOWN)
    with pytest.raises(OperatorError, match="the database itself"):
        restore(other, other, NOW, KNOWN)
    assert not (tmp_path / "rounds.db").exists()


async def test_a_restore_under_a_running_bot_is_refused(running: Database, tmp_path: Path) -> None:
    path = tmp_path / "rounds.db"
    back_up(path, tmp_path / "monday.backup")

    with only_one(path), pytest.raises(OperatorError, match="in use by process") as refused:
        restore(tmp_path / "monday.backup", path, NOW, KNOWN)

    assert "\n" not in str(refused.value)


def test_a_second_bot_on_the_same_file_is_refused_however_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "rounds.db").touch()
    (tmp_path / "link.db").symlink_to("rounds.db")

    with (
        only_one(tmp_path / "rounds.db"),
        pytest.raises(OperatorError, match="in use"),
        only_one(tmp_path / "link.db"),
    ):
        pytest.fail("two bots on one database")
    with only_one(tmp_path / "link.db"):
        pass


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot write"), only_one(tmp_path / "no" / "x.db"):
        pytest.fail("there is no such folder")
    with pytest.raises(OperatorError, match="there is no database"):
        back_up(tmp_path / "no" / "x.db", tmp_path / "monday.backup")
    (tmp_path / "rounds.db").touch()
    with pytest.raises(OperatorError, match="cannot write"):
        back_up(tmp_path / "rounds.db", tmp_path / "no" / "monday.backup")


def _hold(path: Path, held: "multiprocessing.synchronize.Event") -> None:
    with only_one(path):
        held.set()
        multiprocessing.Event().wait()


def test_a_killed_bot_lets_go_of_its_database(tmp_path: Path) -> None:
    path = tmp_path / "rounds.db"
    spawn = multiprocessing.get_context("spawn")
    held = spawn.Event()
    bot = spawn.Process(target=_hold, args=(path, held))
    bot.start()
    assert held.wait(30)

    with pytest.raises(OperatorError, match=f"in use by process {bot.pid}"), only_one(path):
        pytest.fail("two bots on one database")
    bot.kill()
    bot.join()

    with only_one(path):
        assert lock_path(path).read_text(encoding="ascii").strip() != str(bot.pid)
