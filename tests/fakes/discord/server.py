"""FakeDiscord: the server, the world in it, and the people who use it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import TracebackType

from aiohttp import web

from tests.fakes.discord.api import Api
from tests.fakes.discord.clock import Clock
from tests.fakes.discord.gateway import GUILDS, Gateway
from tests.fakes.discord.people import People
from tests.fakes.discord.refusals import PREFIX
from tests.fakes.discord.state import State
from tests.fakes.discord.traffic import Fault, Limits, Traffic
from tests.fakes.discord.world import PRIVATE, TEXT, THREAD, VOICE, Channel, Guild, Message, User


class FakeDiscord(People):
    """A Discord with one server called `clinic` and one channel called `table`.

    Use it as `async with FakeDiscord() as fake`; whatever the bot asked that the real service
    would not understand fails the test at the end, unless the test took it out of `problems`.
    `check_bodies=False` leaves out the look into the published API file, for measuring.
    """

    def __init__(
        self,
        *,
        token: str = "fake-token",
        limits: Limits | None = None,
        clock: Clock | None = None,
        check_bodies: bool = True,
    ) -> None:
        self.state = State(clock or Clock(), token, check_bodies)
        self.traffic = Traffic(limits or Limits())
        super().__init__(self.state, Gateway(self.state))
        self._api = Api(self.state, self.traffic)
        self.guild = self.new_guild("clinic")
        self.table = self.new_channel("table")

    async def __aenter__(self) -> FakeDiscord:
        """Listen on a free port."""
        app = self._api.application()
        app.router.add_get("/gateway/", self.gateway.handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_url = f"http://{host}:{port}{PREFIX}"
        self.gateway_url = self.gateway.url = f"ws://{host}:{port}/gateway/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close everything; fail if the bot asked for what Discord does not have."""
        self._api.closing.set()
        await self.gateway.drop(1001)
        await self._runner.cleanup()
        if error is None:
            assert not self.problems, f"the real Discord would have refused: {self.problems}"

    @property
    def token(self) -> str:
        """The one token that is right."""
        return self.state.token

    @property
    def problems(self) -> list[str]:
        """What the bot asked that the real service would have refused as malformed."""
        return self.state.problems

    @property
    def syncs(self) -> int:
        """How often the commands were declared."""
        return self.state.syncs

    def new_guild(self, name: str) -> Guild:
        """A server with the bot in it."""
        guild = Guild(self.state.new_id(), name)
        self.state.guilds[guild.id] = guild
        return guild

    def new_channel(self, name: str, *, guild: Guild | None = None, voice: bool = False) -> Channel:
        """A channel of a server."""
        kind = VOICE if voice else TEXT
        channel = Channel(self.state.new_id(), name, kind, guild or self.guild)
        self.state.channels[channel.id] = channel
        return channel

    def new_thread(self, name: str, parent: Channel) -> Channel:
        """A public thread in a channel."""
        thread = Channel(self.state.new_id(), name, THREAD, parent.guild, parent)
        self.state.channels[thread.id] = thread
        return thread

    def threads(self) -> list[Channel]:
        """The private threads that were opened, oldest first."""
        return [c for c in self.state.channels.values() if c.type == PRIVATE]

    def person(self, name: str, *, guild: Guild | None = None, closed_dms: bool = False) -> User:
        """Somebody who is a member of the server."""
        user = User(self.state.new_id(), name, closed_dms=closed_dms)
        self.state.users[user.id] = user
        (guild or self.guild).members[user.id] = user
        return user

    def messages(self, channel: Channel) -> list[Message]:
        """What everybody sees in a channel, oldest first."""
        shown = self.state.messages.values()
        return [m for m in shown if m.channel is channel and not m.deleted]

    def dms(self, user: User) -> list[Message]:
        """What the bot wrote to somebody in private, oldest first."""
        return self.messages(self.state.dm_with(user))

    async def message(self, channel: Channel, holding: str = "") -> Message:
        """Wait for a message in a channel that holds these words, and give the newest such."""
        return await self.until(
            lambda: next((m for m in reversed(self.messages(channel)) if holding in m.text), None),
            f"a message with {holding!r} in {channel.name}, "
            f"where there are {[m.text for m in self.messages(channel)]}",
        )

    async def dm(self, user: User, holding: str = "") -> Message:
        """Wait for a private message to somebody that holds these words."""
        return await self.message(self.state.dm_with(user), holding)

    async def connected(self) -> None:
        """Wait until the bot hears events."""
        await self.until(self.gateway.live, "the bot to be connected")

    def fail(self, method: str, path: str, **how: object) -> Fault:
        """Let the next matching request go wrong; see `Fault` for how."""
        fault = Fault(method, path, **how)  # type: ignore[arg-type]
        self.traffic.faults.append(fault)
        return fault

    async def delete_channel(self, channel: Channel) -> None:
        """Somebody deletes a channel."""
        event = "THREAD_DELETE" if channel.type == THREAD else "CHANNEL_DELETE"
        payload = channel.payload()
        del self.state.channels[channel.id]
        await self.gateway.tell(event, payload, needs=GUILDS)

    async def remove_bot(self, guild: Guild) -> None:
        """Somebody removes the bot from a server."""
        guild.present = False
        await self.gateway.tell("GUILD_DELETE", {"id": guild.id}, needs=GUILDS)

    async def add_bot(self, guild: Guild) -> None:
        """Somebody adds the bot to a server."""
        guild.present = True
        payload = self.gateway.guild_payload(guild.id)
        await self.gateway.tell("GUILD_CREATE", payload, needs=GUILDS)

    def delete_message(self, message: Message) -> None:
        """Somebody deletes a message."""
        message.deleted = True
        self.state.changes.happened()

    def forbid(self, channel: Channel, code: int | None) -> None:
        """Answer every call on a channel with this error (50001, 50013, …), or none again."""
        channel.refuses = code

    def advance(self, **by: float) -> None:
        """Let time pass at once: `advance(minutes=16)`."""
        self.state.clock.advance(timedelta(**by))
        self.state.changes.happened()

    def posted(self, path: str = "/messages") -> int:
        """How many requests to post anything reached the server, answered or not."""
        return sum(m == "POST" and p.endswith(path) for m, p, _ in self.state.requests)

    async def settled(self) -> None:
        """Let everything that is ready run, without waiting for any time to pass."""
        for _ in range(50):
            await asyncio.sleep(0)
