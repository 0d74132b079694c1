"""Private threads over REST: opened, filled with people, locked and archived."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.discord.messages import MessageCalls
from tests.fakes.discord.refusals import body_of, refuse_body
from tests.fakes.discord.traffic import answer, error
from tests.fakes.discord.world import PRIVATE, TEXT, Channel, Json

DURATIONS = (60, 1440, 4320, 10080)


class ThreadCalls:
    """The endpoints that open and change threads."""

    def __init__(self, messages: MessageCalls) -> None:
        self.state, self._reach = messages.state, messages.reach

    async def open(self, request: web.Request) -> web.Response:
        """Open a private thread in a text channel."""
        body: Json = await body_of(request)
        parent = self._reach(request)
        if isinstance(parent, web.Response):
            return parent
        faults = self._faults(parent, body)
        if faults:
            return refuse_body(self.state, request, faults)
        if "create_private_threads" in parent.lacking:
            return error(403, 50013, "Missing Permissions")
        made = Channel(self.state.new_id(), body["name"], PRIVATE, parent.guild, parent)
        made.invitable = body.get("invitable", True)
        self.state.channels[made.id] = made
        return answer(made.payload(), 201)

    def _faults(self, parent: Channel, body: Json) -> list[str]:
        faults = []
        if parent.type != TEXT:
            faults.append(f"a channel of type {parent.type} has no private threads")
        if body.get("type") != PRIVATE:
            faults.append(f"threads of type {body.get('type')} are not known here")
        if not 1 <= len(body.get("name") or "") <= 100:
            faults.append("name: 1 to 100 characters")
        if body.get("auto_archive_duration") not in DURATIONS:
            faults.append(f"auto_archive_duration: one of {DURATIONS}")
        return faults

    async def let_in(self, request: web.Request) -> web.Response:
        """Let somebody in; once more does no harm."""
        thread = self._thread(request)
        if isinstance(thread, web.Response):
            return thread
        user = thread.guild and thread.guild.members.get(request.match_info["user"])
        if not user:
            return error(404, 10013, "Unknown User")
        thread.inside[user.id] = user
        return answer(None, 204)

    async def let_out(self, request: web.Request) -> web.Response:
        """Take somebody out who is inside."""
        thread = self._thread(request)
        if isinstance(thread, web.Response):
            return thread
        if thread.inside.pop(request.match_info["user"], None) is None:
            return error(404, 10007, "Unknown Member")
        return answer(None, 204)

    async def edit(self, request: web.Request) -> web.Response:
        """Lock or archive a thread, or open it again."""
        body: Json = await body_of(request)
        thread = self._thread(request, also_archived=True)
        if isinstance(thread, web.Response):
            return thread
        unknown = set(body) - {"archived", "locked"}
        if unknown:
            return refuse_body(self.state, request, [f"not known here: {sorted(unknown)}"])
        assert thread.parent is not None
        if "locked" in body and "manage_threads" in thread.parent.lacking:
            return error(403, 50013, "Missing Permissions")
        thread.locked = body.get("locked", thread.locked)
        thread.archived = body.get("archived", thread.archived)
        return answer(thread.payload())

    def _thread(
        self, request: web.Request, *, also_archived: bool = False
    ) -> Channel | web.Response:
        thread = self._reach(request, also_archived=also_archived)
        if isinstance(thread, Channel) and thread.type != PRIVATE:
            return error(400, 50024, "Cannot execute action on this channel type")
        return thread
