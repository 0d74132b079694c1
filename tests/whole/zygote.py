"""A parent in which all of the program is imported: the tests fork their processes from it.

Importing takes longer than most of what the tests let a process do. It is started as
`python -m tests.whole.zygote SOCKET`, has one thread and no event loop, and ends when the other
side of the socket is closed.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

LENGTH = 4
"""Bytes that say how long the order after them is."""


@dataclass(frozen=True)
class Order:
    """A process that is wanted."""

    arguments: Sequence[str]
    env: Mapping[str, str]
    folder: str
    from_nothing: bool
    """Through the command line and a new interpreter, as an operator starts it."""

    def send(self, through: socket.socket, stderr: int, status: int) -> None:
        """Ask for it; its errors go to one file, its id and then its exit status to the other."""
        words = json.dumps(asdict(self)).encode()
        socket.send_fds(through, [len(words).to_bytes(LENGTH)], [stderr, status])
        through.sendall(words)

    def become(self) -> int:
        """Be that process, in the child: its exit status."""
        os.chdir(self.folder)
        if self.from_nothing:
            command = [sys.executable, "-m", "bot", *self.arguments]
            os.execve(command[0], command, dict(self.env))
        os.environ.clear()
        os.environ.update(self.env)
        from bot.__main__ import main

        return main(list(self.arguments))


def attend(orders: socket.socket) -> Order | None:
    """Fork for each order, and tell how each child ended; in a child, give its order."""
    hearing, ending = socket.socketpair()
    ending.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ending.fileno())
    telling: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([orders, hearing], [], [])
        if hearing in ready:
            hearing.recv(4096)
            _tell_ends(telling)
        if orders not in ready:
            continue
        length, files, _, _ = socket.recv_fds(orders, LENGTH, 2)
        if not length:
            return None
        order = Order(**json.loads(orders.recv(int.from_bytes(length), socket.MSG_WAITALL)))
        stderr, status = files
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(stderr, sys.stderr.fileno())
            for file in (*files, *telling.values()):
                os.close(file)
            for end in (orders, hearing, ending):
                end.close()
            return order
        os.close(stderr)
        telling[pid] = status
        os.write(status, b"%d\n" % pid)


def _tell_ends(telling: dict[int, int]) -> None:
    while telling:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        told = telling.pop(pid)
        os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
        os.close(told)


def _import_everything() -> None:
    import aiosqlite
    import alembic.command
    import asyncpg

    import adapters.discord.client
    import adapters.slack.client
    import bot.__main__

    assert all((aiosqlite, alembic.command, asyncpg, adapters, bot))
    assert threading.active_count() == 1
    gc.freeze()


def _main() -> int:
    _import_everything()
    order = attend(socket.socket(fileno=int(sys.argv[1])))
    return order.become() if order else 0


if __name__ == "__main__":
    # A child ends as any program does: its threads are waited for.
    sys.exit(_main())
