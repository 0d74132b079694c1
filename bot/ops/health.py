"""Whether the bot is alive and ready, for a supervisor on the same machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.ops.errors import OperatorError
from bot.ops.schema import Schema, name_of, revision_of
from bot.store.database import Database
from bot.store.unusable import UNUSABLE

TICK_LIMIT = 30.0
"""Seconds without a tick after which the scheduler counts as stuck."""

ANSWER_SECONDS = 2.0


@dataclass(frozen=True)
class Vitals:
    """What readiness is judged by, at one moment."""

    tick_age: float | None
    """Seconds since the scheduler last looked for what is due; None before it began."""
    connections: Mapping[str, bool]
    database_problem: str | None
    tick_limit: float = TICK_LIMIT

    def reasons(self) -> list[str]:
        """Why the bot is not ready; nothing when it is."""
        found = []
        if self.tick_age is None:
            found.append("the scheduler has not begun")
        elif self.tick_age > self.tick_limit:
            found.append(f"the scheduler last looked {self.tick_age:.0f} seconds ago")
        found += [f"{name} is not connected" for name, up in self.connections.items() if not up]
        if self.database_problem:
            found.append(self.database_problem)
        return found

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        reasons = self.reasons()
        return {
            "ready": not reasons,
            "reasons": reasons,
            "tick_age_seconds": self.tick_age,
            "connections": dict(self.connections),
            "schema_ok": self.database_problem is None,
        }


@dataclass(frozen=True)
class Health:
    """Where the vitals are read."""

    database: Database
    schema: Schema
    tick_age: Callable[[], float | None]
    connections: Callable[[], Awaitable[Mapping[str, bool]]]
    tick_limit: float = TICK_LIMIT

    async def vitals(self) -> Vitals:
        """Look now; a database that does not answer soon counts as gone."""
        problem = await _database_problem(self.database, self.schema)
        connections = await self.connections()
        return Vitals(self.tick_age(), connections, problem, self.tick_limit)

    async def livez(self, _request: web.Request) -> web.Response:
        """The event loop turns: otherwise nobody would answer."""
        return web.Response(text="alive\n")

    async def readyz(self, _request: web.Request) -> web.Response:
        """Ready, or not and why."""
        vitals = await self.vitals()
        return web.json_response(vitals.as_json(), status=503 if vitals.reasons() else 200)


async def _database_problem(database: Database, schema: Schema) -> str | None:
    if database.in_memory:
        return None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return schema.problem_with(await revision_of(database))
    except TimeoutError:
        return f"the database does not answer within {ANSWER_SECONDS:.0f} seconds"
    except UNUSABLE as error:
        return f"the database cannot be used ({name_of(error)})"


@asynccontextmanager
async def serving(health: Health, host: str, port: int) -> AsyncIterator[int]:
    """Answer /livez and /readyz meanwhile; gives the port, which the system chose if it was 0."""
    app = web.Application()
    app.add_routes([web.get("/livez", health.livez), web.get("/readyz", health.readyz)])
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise OperatorError(
                f"health cannot listen on {host}:{port} ({error.strerror}): choose another "
                "health.port, or set health.enabled = false"
            ) from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
