"""What people write is sealed, and opens only where it belongs and while its key is there."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text, update

from bot.config import Config, load
from bot.features import COMMANDS
from bot.keys.masters import MasterError, Masters, make_in, read_master, write_master
from bot.keys.ring import AT_ONCE, Keyring
from bot.keys.rotation import rotate
from bot.keys.sealing import Unopened, new_key, seal, unseal
from bot.keys.store import KeyStore
from bot.ops.errors import OperatorError
from bot.ops.keys import describe, keyring, keys_beside, make_ready
from bot.ops.migrate import alembic_config, migrate, migrating_engine
from bot.store.database import ACROSS_GROUPS, Database
from bot.store.sealed import key_of
from bot.store.tables import Case, Group, Member
from tests.circle import a_circle, words

ROOT = Path(__file__).parent.parent
NAMES = ("ROUNDS_MASTER_KEY", "ROUNDS_MASTER_KEY_NEXT")


def ring_in(folder: Path) -> Keyring:
    """The keys in a folder, as a process that begins now finds them."""
    store = KeyStore(f"sqlite+aiosqlite:///{folder / 'rounds-keys.db'}")
    return Keyring(store, Masters(file=folder / "rounds-master.key"))


@pytest.fixture
async def ring(tmp_path: Path) -> AsyncIterator[Keyring]:
    """The keys of a bot that runs."""
    keys = ring_in(tmp_path)
    yield keys
    await keys.close()


async def case_called(database: Database, title: str) -> Case | None:
    """The case that reads like this."""
    async with database.reading() as session:
        found = await session.scalars(select(Case), execution_options=ACROSS_GROUPS)
        return next((case for case in found if case.title == title), None)


@given(words=st.binary(), bound=st.lists(st.text() | st.integers(), max_size=4))
def test_what_is_sealed_opens_with_its_key_where_it_belongs_and_nowhere_else(
    words: bytes, bound: list[object]
) -> None:
    key = new_key()
    sealed = seal(key, words, *bound)

    assert unseal(key, sealed, *bound) == words
    assert sealed != seal(key, words, *bound)
    for wrong in ((new_key(), sealed, bound), (key, sealed, [*bound, "x"])):
        with pytest.raises(Unopened):
            unseal(wrong[0], wrong[1], *wrong[2])
    with pytest.raises(Unopened):
        unseal(key, sealed[:-1] + bytes([sealed[-1] ^ 1]), *bound)


async def test_the_words_of_one_row_do_not_open_in_another(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)
    await circle.say("ana", "/case add title: Sleep question: Why?")
    await circle.say("ben", "/case add title: Panic question: How?")
    sleep, panic = await case_called(database, "Sleep"), await case_called(database, "Panic")
    assert sleep is not None
    assert panic is not None

    async with database.writing() as session:
        moved = {name: getattr(sleep, name) for name in ("title_sealed", "key_id")}
        await session.execute(
            update(Case).where(Case.group_id == panic.group_id, Case.id == panic.id).values(**moved)
        )

    assert panic.code in words(await circle.say("ana", "/case queue"))
    assert words(await circle.say("ana", "/case queue")).count("Sleep") == 1
    assert await case_called(database, "Panic") is None


async def test_a_row_moved_whole_to_another_group_does_not_open(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)
    await circle.say("ana", "/case add title: Sleep")
    async with database.writing() as session:
        there = await session.get_one(Group, circle.group_id)
        other = Group(
            **{
                name: getattr(there, name)
                for name in ("space_id", "every", "weekday", "time", "zone", "first", "created_at")
            },
            channel="elsewhere",
            name="Other",
            seed=1,
        )
        session.add(other)
        await session.flush()
        await session.execute(
            update(Case).where(Case.group_id == there.id).values(group_id=other.id)
        )

    assert await case_called(database, "Sleep") is None


async def test_of_a_case_whose_key_is_destroyed_the_code_remains(database: Database) -> None:
    circle = await a_circle(database, COMMANDS)
    await circle.say("ana", "/case add title: Sleep question: Why?")
    case = await case_called(database, "Sleep")
    assert case is not None
    assert case.key_id is not None
    assert database.keys is not None

    await database.keys.destroy([case.key_id])

    shown = words(await circle.say("ana", "/case queue"))
    assert case.code in shown
    assert "Sleep" not in shown
    assert "“" not in shown
    assert words(await circle.say("ben", "/case queue")).count(case.code) == 1


async def test_keys_are_made_in_store_and_file_for_the_owners_eyes_only(
    ring: Keyring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = await ring.take()

    for file in ("rounds-keys.db", "rounds-master.key"):
        assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600
    assert len([r for r in caplog.records if "made a master key" in r.getMessage()]) == 1
    again = ring_in(tmp_path)
    assert await again.find(name) == await ring.find(name)
    await again.close()


async def test_joined_keys_open_only_while_each_of_them_is_there(ring: Keyring) -> None:
    one, other = await ring.take(), await ring.take()
    both = await ring.find(f"{one}+{other}")

    assert both not in (None, await ring.find(one), await ring.find(other))
    await ring.destroy([other])
    assert await ring.find(f"{one}+{other}") is None
    assert await ring.find(one) is not None


async def test_a_wrong_or_missing_master_key_is_refused(ring: Keyring, tmp_path: Path) -> None:
    await ring.take()
    file = tmp_path / "rounds-master.key"
    file.rename(tmp_path / "away")
    with pytest.raises(MasterError, match="there is none: set ROUNDS_MASTER_KEY"):
        await ring_in(tmp_path).open()
    assert not file.exists()

    make_in(file)
    with pytest.raises(MasterError, match="is another one"):
        await ring_in(tmp_path).open()


@pytest.mark.parametrize("written", ["", "short", "x" * 42, "00" * 31, "ü" * 43])
def test_what_is_no_master_key_is_not_taken_for_one(written: str) -> None:
    with pytest.raises(MasterError, match="32 random bytes"):
        read_master(written)


def test_a_master_key_is_read_as_base64_and_as_digits() -> None:
    key = new_key()
    assert read_master(write_master(key)) == read_master(key.hex()) == key


async def a_house_with_sealed_words(folder: Path) -> Config:
    """A database and its key store that hold a circle, and are closed."""
    config = load(None, {"ROUNDS_DATABASE_URL": f"sqlite:///{folder / 'rounds.db'}"})
    await migrate(config.database.url)
    ring = keyring(config)
    database = Database(config.database.url, ring)
    await make_ready(database)
    await a_circle(database, COMMANDS)
    await database.close()
    await ring.close()
    return config


async def test_an_empty_key_store_beside_a_full_database_is_refused(tmp_path: Path) -> None:
    config = await a_house_with_sealed_words(tmp_path)
    (tmp_path / "rounds-keys.db").unlink()

    (tmp_path / "rounds-master.key").unlink()

    with pytest.raises(OperatorError, match="is empty, but the database holds"):
        await make_ready(Database(config.database.url, keyring(config)))

    # Nothing is left behind that the next start, or somebody who looks, could take for a store.
    assert [file.name for file in tmp_path.glob("*key*")] == []


async def test_a_key_store_on_postgresql_is_left_as_it_was_by_a_refused_start(
    bare_postgresql_url: str, tmp_path: Path
) -> None:
    config = await a_house_with_sealed_words(tmp_path)
    store = KeyStore(bare_postgresql_url)
    lost = Keyring(store, Masters(file=tmp_path / "another.key"))

    with pytest.raises(OperatorError, match="is empty, but the database holds"):
        await make_ready(Database(config.database.url, lost))

    async with store.engine.connect() as connection:
        assert await connection.run_sync(lambda plain: inspect(plain).get_table_names()) == []
    await store.close()
    assert not (tmp_path / "another.key").exists()


async def test_a_start_refused_for_its_master_key_makes_no_key_store(tmp_path: Path) -> None:
    file = tmp_path / "rounds-keys.db"
    bad = Keyring(KeyStore(f"sqlite+aiosqlite:///{file}"), Masters(given="too short"))

    with pytest.raises(MasterError, match="32 random bytes"):
        await bad.open()

    assert list(tmp_path.iterdir()) == []


async def test_a_missing_master_key_is_asked_for_by_the_path_it_should_have(tmp_path: Path) -> None:
    house = {"ROUNDS_DATABASE_URL": f"sqlite:///{tmp_path / 'rounds.db'}"}
    (tmp_path / "keys.toml").write_text(f'[keys]\nfile = "{tmp_path / "safe" / "my.db"}"\n')
    (tmp_path / "safe").mkdir()
    config = load(tmp_path / "keys.toml", house)
    first = keyring(config)
    await first.take()
    await first.close()
    (tmp_path / "safe" / "rounds-master.key").unlink()
    with pytest.raises(MasterError, match=f"put {tmp_path}/safe/rounds-master.key back"):
        await keyring(config).open()

    beside = keys_beside(tmp_path / "kept.db")
    await beside.take()
    await beside.close()
    (tmp_path / "kept-master.key").unlink()
    with pytest.raises(MasterError, match=f"put {tmp_path}/kept-master.key back"):
        await keys_beside(tmp_path / "kept.db").open()


async def test_two_processes_share_a_key_store_on_postgresql(
    bare_postgresql_url: str, tmp_path: Path
) -> None:
    def process() -> Keyring:
        return Keyring(KeyStore(bare_postgresql_url), Masters(file=tmp_path / "master.key"))

    one, other = process(), process()
    await asyncio.gather(one.open(), other.open())
    names = [await one.take() for _ in range(AT_ONCE + 1)]

    assert [await other.find(name) for name in names] == [await one.find(name) for name in names]
    assert await one.mark("discord", "1", "2") == await other.mark("discord", "1", "2")
    await rotate(process_that_rotates := process(), lambda point: None)
    assert [name for name in names if await other.find(name) is None] == []
    more = [await one.take() for _ in range(AT_ONCE)]
    await other.destroy(names)
    fresh = process()
    assert [await fresh.find(name) for name in names] == [None] * len(names)
    assert await fresh.find(more[-1]) is not None
    for ring in (one, other, process_that_rotates, fresh):
        await ring.close()


async def test_a_member_has_a_key_once_it_is_needed_and_always_the_same(
    sqlite_database: Database,
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    async with sqlite_database.writing() as session:
        mine = Member.group_id == circle.group_id, Member.id == circle.members["ana"]
        ana = (await session.scalars(select(Member).where(*mine))).one()
        assert ana.key_id is None
        key = await key_of(session, ana)
        assert await key_of(session, ana) == key
    assert (await circle.member("ana")).key_id == key


async def test_the_check_says_how_the_keys_are(ring: Keyring, tmp_path: Path) -> None:
    config = load(None, {"ROUNDS_DATABASE_URL": f"sqlite:///{tmp_path / 'rounds.db'}"})
    assert await describe(config) == (True, "no key store yet: `rounds run` makes it")
    await migrate(config.database.url)
    name = await ring.take()
    in_order, said = await describe(config)
    assert in_order
    assert said.startswith(f"{AT_ONCE} keys under the master key")

    async with ring.store.engine.begin() as connection:
        damage = text("UPDATE keys SET wrapped = x'01' WHERE id = :name")
        await connection.execute(damage, {"name": name})
    in_order, said = await describe(config)
    assert not in_order
    assert "1 of them do not open" in said


async def test_what_an_earlier_program_kept_in_clear_is_sealed_at_the_start(tmp_path: Path) -> None:
    from alembic import command

    file = tmp_path / "rounds.db"
    config = load(None, {"ROUNDS_DATABASE_URL": f"sqlite:///{file}"})
    engine = migrating_engine(config.database.url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(alembic_config(plain), "0001"))
        for statement in IN_CLEAR:
            await connection.execute(text(statement))
    await engine.dispose()

    await migrate(config.database.url)
    ring = keyring(config)
    database = Database(config.database.url, ring)
    await make_ready(database)

    assert await case_called(database, "Zaubernuss") is not None
    async with database.reading() as session:
        group = await session.get_one(Group, 1)
        assert (group.name, group.place) == ("Haselgruppe", "#42")
    for kept in tmp_path.glob("rounds.db*"):
        found = kept.read_bytes()
        assert b"Zaubernuss" not in found
        assert b"Haselgruppe" not in found
    await database.close()
    await ring.close()


IN_CLEAR = (
    "INSERT INTO spaces (id, platform, ref) VALUES (1, 'console', 'c')",
    "INSERT INTO people (id, space_id, ref, private) VALUES (1, 1, 'ana', 1)",
    "INSERT INTO groups (id, space_id, channel, name, every, weekday, time, zone, first, minutes,"
    " place, size, quorum, agenda_lead, reminder_lead, state, revision, seed, held, created_at)"
    " VALUES (1, 1, 't', 'Haselgruppe', 'week', 1, '18:30:00.000000', 'UTC', '2026-03-03', 90,"
    " '#42', 6, 3, 86400, 3600, 'active', 1, 1, 0, 0)",
    "INSERT INTO members (id, space_id, group_id, person_id, ref, state, joined_at, draw, unheard,"
    " attended, silent, gone) VALUES (1, 1, 1, 1, 'ana', 'active', 0, 0, 0, 0, 0, 0)",
    "INSERT INTO cases (space_id, group_id, member_id, code, title, question, urgency, minutes,"
    " state, created_at) VALUES (1, 1, 1, 'KXRT', 'Zaubernuss', '', 'routine', 30, 'waiting', 0)",
)
