"""People at their Slack clients: they type, press, submit, and tell what they then see."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.sockets import Envelope
from tests.fakes.slack.state import Json, Message, Seen, View, buttons_of, initial_of
from tests.fakes.slack.workspace import Workspace


class FakeSlack(Workspace):
    """The workspace together with the hands of its people."""

    async def slash(self, user: str, command: str, text: str = "", *, channel: str) -> Seen:
        """Type a slash command; the trigger differs each time, as when pressing Enter again."""
        person = self.users[user]
        payload = {
            "token": "verification-token",
            "team_id": self.team,
            "team_domain": "home",
            "channel_id": channel,
            "channel_name": self.channels[channel].name,
            "user_id": user,
            "user_name": person.name,
            "command": command,
            "text": text,
            "api_app_id": "A0ROUNDS",
            "is_enterprise_install": "false",
            "response_url": self.response_url(user, channel),
            "trigger_id": self.trigger(user),
        }
        if person.team != self.team:
            payload |= {"team_id": person.team, "team_domain": "elsewhere"}
        return await self.send("slash_commands", payload, user)

    async def press(self, user: str, where: Message | View, label: str) -> Seen:
        """Press the button with these words."""
        found = [b for b in buttons_of(where.blocks) if b["text"]["text"] == label]
        if not found:
            raise AssertionError(f"no button {label!r} among {where.labels}")
        return await self.send("interactive", self.click(user, where, found[0]), user)

    def click(self, user: str, where: Message | View, button: Json) -> Json:
        """The payload of one press."""
        block_id = next(
            (block.get("block_id", "") for block in where.blocks if button in buttons_of([block])),
            "",
        )
        payload = self._interaction("block_actions", user)
        payload["actions"] = [
            {
                "type": "button",
                "block_id": block_id,
                "action_id": button["action_id"],
                "text": button["text"],
                "value": button.get("value", ""),
                "action_ts": self.next_ts(),
            }
        ]
        if isinstance(where, View):
            payload["container"] = {"type": "view", "view_id": where.id}
            payload["view"] = self.view_payload(where) | {"state": self._state(where, {})}
            return payload
        channel = self.channels[where.channel]
        return payload | {
            "container": {
                "type": "message",
                "message_ts": where.ts,
                "channel_id": channel.id,
                "is_ephemeral": where.to is not None,
            },
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "message": {"ts": where.ts, "text": where.text, "blocks": where.blocks},
            "response_url": self.response_url(user, channel.id, where),
        }

    async def submit(
        self, user: str, view: View, values: dict[str, str] | None = None, *, again: bool = False
    ) -> Seen:
        """Fill in inputs by their labels and press Submit; `again` is a double press."""
        if not view.open and not again:
            raise AssertionError("that view is closed")
        given = values or {}
        unknown = set(given) - set(view.fields)
        if unknown:
            raise AssertionError(f"no input {unknown} among {list(view.fields)}")
        refused = self._refused_by_client(view, given)
        if refused:
            return Seen(errors=refused, view=view)
        payload = self._interaction("view_submission", user)
        payload["view"] = self.view_payload(view) | {"state": self._state(view, given)}
        payload["response_urls"] = []
        return self._after_submission(await self.send("interactive", payload, user), view)

    async def open_home(self, user: str) -> View | None:
        """Look at the bot's Home tab."""
        before = self.homes.get(user)
        event = {"type": "app_home_opened", "user": user, "tab": "home", "channel": ""}
        event["channel"] = self.dm_of(user).id
        await self.event(event)
        await self.until(lambda: self.homes.get(user) is not before)
        return self.homes.get(user)

    async def event(self, event: Json, *, event_id: str | None = None, attempt: int = 0) -> Seen:
        """Something happened in the workspace; an `event_id` of before is a redelivery."""
        payload = {
            "token": "verification-token",
            "team_id": self.team,
            "api_app_id": "A0ROUNDS",
            "event": event,
            "type": "event_callback",
            "event_id": event_id or self.next_id("Ev"),
            "event_time": 1764000000,
            "authorizations": [{"team_id": self.team, "user_id": "U0BOT", "is_bot": True}],
        }
        return await self.send("events_api", payload, "", attempt=attempt)

    async def send(self, kind: str, payload: Json, user: str, *, attempt: int = 0) -> Seen:
        """Bring a payload to the bot; give what its person sees once it is acknowledged."""
        seen_before = {m.ts for m in (*self.private, *self.dms(user))} if user else set()
        views_before = {view.id: view.hash for view in self.views.values()}
        envelope = Envelope(self.next_id("env"), kind, payload, attempts=attempt)
        seen = Seen(payload=payload)
        try:
            async with asyncio.timeout(self.ack_deadline):
                await self._bring(envelope)
        except TimeoutError:
            seen.failed = "operation_timeout"
            return seen
        if envelope.status != 200:
            seen.failed = "dispatch_failed"
            return seen
        self._take_answer(envelope, payload, seen, user)
        if kind != "events_api" and not envelope.answer:
            self._look(user, seen, seen_before, views_before)
        return seen

    async def _bring(self, envelope: Envelope) -> None:
        if self.http_url is None:
            await self.sockets.deliver(envelope)
            await envelope.acked.wait()
            return
        status, body = await self.post_signed(self.http_body(envelope))
        envelope.status = status
        if body.startswith("{"):
            envelope.answer = json.loads(body)
        elif body:
            envelope.answer = {"text": body}

    def http_body(self, envelope: Envelope) -> tuple[bytes, str]:
        """The same payload as Slack writes it for HTTP."""
        if envelope.kind == "events_api":
            return json.dumps(envelope.payload).encode(), "application/json"
        fields = envelope.payload
        if envelope.kind == "interactive":
            fields = {"payload": json.dumps(envelope.payload)}
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"

    async def post_signed(self, body: tuple[bytes, str], **headers: str) -> tuple[int, str]:
        """POST it to the bot, signed; header values given here replace the right ones.

        Each has a time of its own, as if there were a second between them.
        """
        assert self.http_url is not None
        self.last_stamp = max(int(time.time()), self.last_stamp + 1)
        stamp = headers.get("request_timestamp", str(self.last_stamp))
        stamp = stamp if stamp.isascii() and stamp.isdigit() else str(self.last_stamp)
        base = b"v0:" + stamp.encode() + b":" + body[0]
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        sent = {
            "Content-Type": body[1],
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        for name, value in headers.items():
            sent["X-Slack-" + name.replace("_", "-").title()] = value
        kept = {name: value for name, value in sent.items() if value != "absent"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.http_url, data=body[0], headers=kept) as answer,
        ):
            return answer.status, await answer.text()

    def _take_answer(self, envelope: Envelope, payload: Json, seen: Seen, user: str) -> None:
        answer = envelope.answer
        if not answer:
            return
        if envelope.kind == "slash_commands":
            seen.reply = self.show_privately(user, payload["channel_id"], answer)
        elif payload.get("type") == "view_submission":
            seen.payload = payload | {"answer": answer}
        else:
            self.complain(f"an answer Slack ignores in an acknowledgement: {answer}")

    def _look(self, user: str, seen: Seen, before: set[str], views: dict[str, str]) -> None:
        theirs = [m for m in self.private if m.to == user] + self.dms(user)
        opened = [v for v in self.views.values() if v.user == user and views.get(v.id) != v.hash]
        seen.reply = next((m for m in theirs if m.ts not in before), None)
        seen.view = opened[-1] if opened else None

    def _after_submission(self, seen: Seen, view: View) -> Seen:
        answer = seen.payload.get("answer", {})
        action = answer.get("response_action")
        if action == "errors":
            by_block = {b.get("block_id"): b["label"]["text"] for b in view.blocks if "label" in b}
            for block_id, words in answer["errors"].items():
                if block_id not in by_block:
                    self.complain(f"an error on {block_id!r}, which is no input of the view")
                seen.errors[by_block.get(block_id, block_id)] = words
            seen.view = view
        elif action == "update":
            view.body, view.hash = answer["view"], self.next_id("h")
            seen.view = view
        elif action not in (None, "clear"):
            self.complain(f"response_action {action!r}")
        elif seen.failed is None:
            view.open = False
        return seen

    def _interaction(self, kind: str, user: str) -> Json:
        person = self.users[user]
        return {
            "type": kind,
            "team": {"id": self.team, "domain": "home"},
            "user": {
                "id": user,
                "username": person.name,
                "name": person.name,
                "team_id": person.team,
            },
            "api_app_id": "A0ROUNDS",
            "token": "verification-token",
            "trigger_id": self.trigger(user),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _state(self, view: View, given: dict[str, str]) -> Json:
        values: Json = {}
        for block in view.blocks:
            if block["type"] == "input":
                element, label = block["element"], block["label"]["text"]
                value = given.get(label, initial_of(element))
                values[block["block_id"]] = {element["action_id"]: _filled(element, value)}
        return {"values": values}

    def _refused_by_client(self, view: View, given: dict[str, str]) -> dict[str, str]:
        refused = {}
        for block in view.blocks:
            if block["type"] != "input":
                continue
            label, element = block["label"]["text"], block["element"]
            value = given.get(label, initial_of(element))
            if not value and not block.get("optional"):
                refused[label] = "Please complete this required field"
            elif len(value) > element.get("max_length", 3000):
                refused[label] = "too long"
        return refused


def _filled(element: Json, value: str) -> Json:
    kind = element["type"]
    filled: dict[str, Any] = {"type": kind}
    if kind in ("static_select", "radio_buttons"):
        options = element["options"]
        chosen = [o for o in options if value in (o["value"], o["text"]["text"])]
        if value and not chosen:
            raise AssertionError(f"no choice {value!r}")
        return filled | {"selected_option": chosen[0] if chosen else None}
    for name in ("users", "channels", "conversations"):
        if kind == f"{name}_select":
            return filled | {f"selected_{name[:-1]}": value or None}
    if kind in ("datepicker", "timepicker"):
        return filled | {f"selected_{kind[:4]}": value or None}
    return filled | {"value": value or None}
