"""What came in from Slack: who asked, where, and where an answer can go."""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MARKUP = re.compile(r"<(?P<sign>[@#!]?)(?P<id>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


@dataclass(frozen=True)
class Asked:
    """One thing a person did; the empty string where Slack gives nothing."""

    id: str
    user: str
    team: str
    """The workspace it was done in; of an enterprise's own windows Slack names none."""
    channel: str = ""
    trigger: str = ""
    response_url: str = ""
    view: str = ""
    """The open window it was done in."""
    in_window: bool = False
    """Whether it was done in a window or in the Home tab, where no message can answer."""
    action: str = ""
    message: str = ""
    """The message it was done on, if everybody sees that one."""

    @property
    def place(self) -> str | None:
        """The channel as the bot understands it; a private conversation is none."""
        return self.channel if self.channel[:1] in ("C", "G") else None

    def metadata(self, action: str) -> str:
        """What a window opened from here must remember."""
        kept = {"a": action, "c": self.channel, "r": self.response_url, "w": self.in_window}
        return json.dumps(kept, separators=(",", ":"))


def command(body: Json) -> Asked:
    """A slash command; every typing of it has a trigger of its own."""
    return Asked(
        id=body["trigger_id"],
        user=body["user_id"],
        team=str(body.get("team_id") or ""),
        channel=body["channel_id"],
        trigger=body["trigger_id"],
        response_url=body.get("response_url", ""),
    )


def click(body: Json) -> Asked:
    """A press of a button, in a message, in a window or in the Home tab."""
    (pressed, *_) = body["actions"]
    container, view = body.get("container") or {}, body.get("view") or {}
    message = container.get("message_ts") or view.get("id", "")
    home = _read(view.get("private_metadata", ""))
    # A button may carry what was typed; its request's id is kept and logged, and must not.
    button = hashlib.sha256(pressed["action_id"].encode()).hexdigest()[:16]
    return Asked(
        id=":".join((body["user"]["id"], message, button, pressed["action_ts"])),
        user=body["user"]["id"],
        team=_team(body),
        channel=str((body.get("channel") or {}).get("id") or home.get("c", "")),
        trigger=body.get("trigger_id", ""),
        response_url=body.get("response_url", ""),
        view=view["id"] if view.get("type") == "modal" else "",
        in_window=bool(view),
        action=pressed.get("value") or pressed["action_id"].partition(":")[2],
        message="" if container.get("is_ephemeral") else container.get("message_ts", ""),
    )


def submission(body: Json) -> Asked:
    """A form that was sent."""
    view = body["view"]
    kept = _read(view.get("private_metadata", ""))
    return Asked(
        id=f"{view['id']}:{view['hash']}",
        user=body["user"]["id"],
        team=_team(body),
        channel=kept.get("c", ""),
        trigger=body.get("trigger_id", ""),
        response_url=kept.get("r", ""),
        view=view["id"],
        in_window=bool(kept.get("w")),
        action=kept.get("a", ""),
    )


def event(body: Json) -> Asked:
    """Something that happened in the workspace."""
    about = body["event"]
    return Asked(id=body["event_id"], user=str(about.get("user", "")), team=str(body["team_id"]))


def written(view: Json) -> dict[str, str]:
    """What stands in the fields of a form, by option."""
    found = {}
    for option, elements in view["state"]["values"].items():
        (element,) = elements.values()
        chosen, person = element.get("selected_option"), element.get("selected_user")
        if chosen:
            found[option] = str(chosen["value"])
        elif person:
            found[option] = f"@{person}"
        else:
            found[option] = str(element.get("value") or "")
    return found


def readable(typed: str) -> str:
    """Typed text as the person sees it: Slack's markup for people, channels and links undone."""

    def undo(found: re.Match[str]) -> str:
        sign, target, label = found["sign"], found["id"], found["label"]
        if sign in ("@", "#"):
            return sign + target
        if sign == "!":
            return label or f"@{target.partition('^')[0]}"
        return label or target if target.startswith("mailto:") else target

    return html.unescape(MARKUP.sub(undo, typed)) if "<" in typed or "&" in typed else typed


def _team(body: Json) -> str:
    return str((body.get("team") or {}).get("id") or "")


def _read(metadata: str) -> Json:
    return json.loads(metadata) if metadata.startswith("{") else {}
