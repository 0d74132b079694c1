"""Answers to interactions: the first within three seconds and once, the rest for 15 minutes."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.discord import rules
from tests.fakes.discord.messages import fill
from tests.fakes.discord.refusals import body_of, refuse_body
from tests.fakes.discord.state import FIRST_ANSWER, TOKEN_LIFE, State
from tests.fakes.discord.traffic import answer, error
from tests.fakes.discord.world import EPHEMERAL, Interaction, Json, Message, Modal

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    2: {MESSAGE, DEFERRED, MODAL},
    3: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    4: {CHOICES},
    5: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}


class InteractionCalls:
    """The endpoints with which the bot answers what people do."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def callback(self, request: web.Request) -> web.Response:
        """Take the first answer: one, in time, and of a kind that fits what the person did."""
        body = await body_of(request)
        found = self.state.interactions.get(request.match_info["token"])
        if found is None or found.id != request.match_info["id"]:
            return error(404, 10062, "Unknown interaction")
        now = self.state.clock.now()
        if found.first is None and now - found.at > FIRST_ANSWER:
            return error(404, 10062, "Unknown interaction")
        if found.first is not None:
            return error(400, 40060, "Interaction has already been acknowledged.")
        kind, data = body["type"], body.get("data") or {}
        faults = self._faults(found, kind, data)
        if faults:
            return refuse_body(self.state, request, faults)
        if kind == UPDATE and found.source is not None and found.source.deleted:
            return error(404, 10008, "Unknown Message")
        found.first, found.answered = kind, now
        self._take(found, kind, data)
        return self._resource(request, found, kind)

    def _faults(self, found: Interaction, kind: int, data: Json) -> list[str]:
        if kind not in ALLOWED[found.type] or (kind == UPDATE and found.source is None):
            return [f"an interaction of type {found.type} cannot be answered with type {kind}"]
        if kind == CHOICES:
            return list(rules.choice_faults(data.get("choices") or []))
        if kind == MODAL:
            return rules.modal_faults(data)
        if kind in (MESSAGE, UPDATE):
            return rules.message_faults(data, editing=kind == UPDATE)
        return []

    def _take(self, found: Interaction, kind: int, data: Json) -> None:
        if kind == CHOICES:
            found.choices = data.get("choices") or []
        elif kind == MODAL:
            found.modal = Modal(
                data["title"], data["custom_id"], data["components"], found.channel, found.source
            )
        elif kind == UPDATE and found.source is not None:
            fill(found.source, data, parse=("users",))
            found.source.changed(self.state.clock.now())
        elif kind in (MESSAGE, DEFERRED):
            found.loading = kind == DEFERRED
            self._add(found, data)

    def _add(self, found: Interaction, data: Json) -> Message:
        hidden = (data.get("flags") or 0) & EPHEMERAL
        message = Message(
            self.state.new_id(),
            found.channel,
            self.state.bot,
            self.state.clock.now(),
            private_to=found.user if hidden else None,
        )
        fill(message, data, parse=("users",))
        found.messages.append(message)
        if not hidden:
            self.state.messages[message.id] = message
        return message

    def _resource(self, request: web.Request, found: Interaction, kind: int) -> web.Response:
        if request.query.get("with_response") not in ("1", "true"):
            return answer(None, 204)
        body: Json = {"interaction": {"id": found.id, "type": found.type}}
        if kind in (MESSAGE, DEFERRED):
            message = found.messages[0]
            body["interaction"] |= {
                "response_message_id": message.id,
                "response_message_loading": found.loading,
                "response_message_ephemeral": message.private_to is not None,
            }
            body["resource"] = {"type": kind, "message": message.payload()}
        elif kind == UPDATE and found.source is not None:
            body["resource"] = {"type": kind, "message": found.source.payload()}
        return answer(body)

    async def follow_up(self, request: web.Request) -> web.Response:
        """Add a message; the first one after a deferral takes the place of the waiting line."""
        body = await body_of(request)
        found = self._alive(request)
        if isinstance(found, web.Response):
            return found
        faults = rules.message_faults(body)
        if faults:
            return refuse_body(self.state, request, faults)
        if found.loading:
            found.loading = False
            fill(found.messages[0], body, parse=("users",))
            return answer(found.messages[0].payload())
        return answer(self._add(found, body).payload())

    async def edit(self, request: web.Request) -> web.Response:
        """Edit the original answer, or one of the messages that followed it."""
        body = await body_of(request)
        found = self._alive(request)
        if isinstance(found, web.Response):
            return found
        message = self._named(found, request.match_info["message"])
        if message is None:
            return error(404, 10008, "Unknown Message")
        faults = rules.message_faults(body, editing=True)
        if faults:
            return refuse_body(self.state, request, faults)
        fill(message, body, parse=("users",))
        message.changed(self.state.clock.now())
        found.loading = found.loading and message is not found.messages[0]
        return answer(message.payload())

    async def delete(self, request: web.Request) -> web.Response:
        """Take back an answer."""
        found = self._alive(request)
        if isinstance(found, web.Response):
            return found
        message = self._named(found, request.match_info["message"])
        if message is None:
            return error(404, 10008, "Unknown Message")
        message.deleted = True
        found.messages.remove(message)
        return answer(None, 204)

    def _alive(self, request: web.Request) -> Interaction | web.Response:
        found = self.state.interactions.get(request.match_info["token"])
        if found is None or found.first is None:
            return error(404, 10015, "Unknown Webhook")
        if self.state.clock.now() - found.at > TOKEN_LIFE:
            return error(401, 50027, "Invalid Webhook Token")
        return found

    def _named(self, found: Interaction, name: str) -> Message | None:
        if name == "@original":
            if found.first in (UPDATE, DEFERRED_UPDATE):
                return found.source
            return found.messages[0] if found.messages else None
        return next((m for m in found.messages if m.id == name), None)
