"""Dying at a named point, for tests of crashes."""

import os
import signal
from collections.abc import Callable, Mapping


def failpoint(env: Mapping[str, str]) -> Callable[[str], None]:
    """Kill this process at the point that the environment names; otherwise nothing."""
    wanted = env.get("ROUNDS_FAILPOINT")

    def at(point: str) -> None:
        if point == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    return at
