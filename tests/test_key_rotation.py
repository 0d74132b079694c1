"""Replacing the master key, killed half-way and resumed, while a bot runs on the same keys."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import load
from bot.keys.masters import MasterError, write_master
from bot.keys.ring import AT_ONCE, Keyring
from bot.keys.rotation import count_unopened, rotate
from bot.keys.sealing import new_key
from bot.ops.keys import keyring
from tests.test_keys import NAMES, ROOT, ring, ring_in

__all__ = ["ring"]


def rotating(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """`rounds keys rotate` as a process."""
    url = f"sqlite:///{folder / 'rounds.db'}"
    return subprocess.run(
        [sys.executable, "-m", "bot", "keys", "rotate"],
        env={**os.environ, "ROUNDS_DATABASE_URL": url, **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


async def test_a_rotation_killed_half_way_is_finished_by_the_next_one(
    ring: Keyring, tmp_path: Path
) -> None:
    names = [await ring.take() for _ in range(4 * AT_ONCE)]
    was = (tmp_path / "rounds-master.key").read_text()

    killed = rotating(tmp_path, ROUNDS_FAILPOINT="rewrapped")
    assert killed.returncode == -signal.SIGKILL
    states = await ring.store.masters()
    assert sorted(states.values()) == ["current", "retiring"]

    # A bot that has run all the while, and one that starts now, know both keys.
    running, started = ring, ring_in(tmp_path)
    running._kept.clear()
    for keys in (running, started):
        assert [name for name in names if await keys.find(name) is None] == []
    fresh = [await running.take() for _ in range(AT_ONCE + 1)][-1]

    done = rotating(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "finished what was begun earlier" in done.stdout
    # One instruction is enough, and it names the file that counts.
    assert "made a master key" not in killed.stderr
    assert f"the new one is in {tmp_path / 'rounds-master.key'}: keep a copy" in done.stdout
    assert (tmp_path / "rounds-master.key").read_text() != was
    assert not (tmp_path / "rounds-master.key.next").exists()
    after = ring_in(tmp_path)
    assert len(await after.store.masters()) == 1
    assert all([await after.find(name) is not None for name in (*names, fresh)])
    assert (await count_unopened(after))[1] == 0
    await started.close()
    await after.close()


async def test_a_master_key_of_the_environment_is_replaced_by_the_next_one(tmp_path: Path) -> None:
    old, new = write_master(new_key()), write_master(new_key())
    url = {"ROUNDS_DATABASE_URL": f"sqlite:///{tmp_path / 'rounds.db'}"}

    def ring_of(*given: str) -> Keyring:
        return keyring(load(None, url | dict(zip(NAMES, given, strict=False))))

    first = ring_of(old)
    name = await first.take()
    with pytest.raises(MasterError, match="set ROUNDS_MASTER_KEY_NEXT"):
        await rotate(first, lambda point: None)
    both, after = ring_of(old, new), ring_of(new)

    assert (await rotate(both, lambda point: None)).keys == AT_ONCE

    assert await after.find(name) is not None
    for keys in (first, both, after):
        await keys.close()
    with pytest.raises(MasterError, match="is another one"):
        await ring_of(old).open()
    assert not (tmp_path / "rounds-master.key").exists()
