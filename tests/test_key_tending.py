"""What becomes of keys that were destroyed: in other processes' memory, and in PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.keys.masters import Masters
from bot.keys.ring import Keyring
from bot.keys.store import KeyStore
from scheduler.tick import Ticking
from tests.databases import keyed
from tests.test_keys import ring

__all__ = ["ring"]


async def test_a_key_that_another_process_destroyed_is_remembered_for_a_minute_at_most(
    bare_postgresql_url: str, tmp_path: Path
) -> None:
    def process() -> Keyring:
        return Keyring(KeyStore(bare_postgresql_url), Masters(file=tmp_path / "master.key"))

    one, other = process(), process()
    gone, stays = await one.take(), await one.take()
    both = f"{gone}+{stays}"
    noon = datetime(2026, 3, 3, 12, tzinfo=UTC)
    await other.tend(noon)
    assert None not in [await other.find(name) for name in (gone, stays, both)]
    await one.destroy([gone])
    assert await other.find(gone) is not None

    await other.tend(noon + timedelta(minutes=1))

    assert [await other.find(name) for name in (gone, both)] == [None, None]
    assert await other.find(stays) is not None
    for keys in (one, other):
        await keys.close()


async def test_what_is_left_of_destroyed_keys_on_postgresql_is_cleared_away(
    bare_postgresql_url: str, tmp_path: Path
) -> None:
    ring = Keyring(KeyStore(bare_postgresql_url), Masters(file=tmp_path / "master.key"))
    await ring.take()
    noon = datetime(2026, 3, 3, 12, tzinfo=UTC)
    await ring.tend(noon)
    await ring.destroy(await ring.store.names())
    assert await size_of_keys(ring) > 0

    await ring.tend(noon + timedelta(minutes=1))

    assert await size_of_keys(ring) == 0
    await ring.close()


async def size_of_keys(ring: Keyring) -> int:
    async with ring.store.engine.connect() as connection:
        return int(await connection.scalar(text("SELECT pg_relation_size('keys')")) or 0)


async def test_a_key_store_that_is_away_is_told_to_the_operator_and_keys_stay_at_hand(
    ring: Keyring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = await ring.take()
    async with ring.store.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE keys RENAME TO away"))

    await ring.tend(datetime(2026, 3, 3, 12, tzinfo=UTC))

    (record,) = [r for r in caplog.records if r.levelname == "ERROR"]
    assert "rounds keys check" in record.getMessage()
    assert await ring.find(name) is not None


async def test_keys_are_tended_though_a_plan_fails(ring: Keyring, tmp_path: Path) -> None:
    async def fails(session: AsyncSession, now: datetime) -> None:
        raise ZeroDivisionError

    database = keyed(f"sqlite+aiosqlite:///{tmp_path / 'rounds.db'}")
    assert database.keys is not None
    name = await database.keys.take()
    await ring.destroy([name])

    with pytest.raises(ZeroDivisionError):
        await Ticking(database, [fails]).tick(datetime(2026, 3, 3, 12, tzinfo=UTC))

    assert await database.keys.find(name) is None
    await database.close()
