"""Builds what the gateway tells of a command, a press or a form, as the real one builds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.discord.state import State
from tests.fakes.discord.world import (
    DM,
    EVERY_PERMISSION,
    Channel,
    Interaction,
    Json,
    Message,
    Modal,
    User,
    member_payload,
)

Given = Mapping[str, str | int | bool | User | Channel]
KINDS: dict[int, type | tuple[type, ...]] = {3: str, 4: int, 5: bool, 6: User, 7: Channel}


def find_command(commands: list[Json], name: str) -> tuple[Json, list[Json]] | None:
    """The root command, and the parts from it down to the one that is called."""
    root, *rest = name.split(" ")
    found = next((command for command in commands if command["name"] == root), None)
    path = [found] if found else []
    for word in rest:
        inner = path[-1].get("options") or [] if path else []
        part = next((o for o in inner if o["name"] == word and o["type"] in (1, 2)), None)
        if part is None:
            return None
        path.append(part)
    return (found, path) if found else None


def command_data(state: State, name: str, given: Given, focused: str | None = None) -> Json:
    """The data of a command as the client sends it, with its options checked as it checks them."""
    found = find_command(state.commands, name)
    assert found is not None, f"/{name} is not registered"
    root, path = found
    declared = {o["name"]: o for o in path[-1].get("options") or []}
    assert not any(o["type"] in (1, 2) for o in declared.values()), f"/{name} is only a group"
    unknown = set(given) - set(declared)
    assert not unknown, f"/{name} has no option {sorted(unknown)}, only {sorted(declared)}"
    if focused is None:
        missing = [n for n, o in declared.items() if o.get("required") and n not in given]
        assert not missing, f"/{name} needs {missing}"
    resolved: Json = {}
    options = [
        _option(declared[key], value, resolved, focused == key) for key, value in given.items()
    ]
    for part in reversed(path[1:]):
        options = [{"name": part["name"], "type": part["type"], "options": options}]
    data = {"id": root["id"], "name": root["name"], "type": 1, "options": options}
    return data | ({"resolved": resolved} if resolved else {})


def _option(declared: Json, value: Any, resolved: Json, focused: bool) -> Json:
    name, kind = declared["name"], declared["type"]
    if focused:
        assert declared.get("autocomplete"), f"the option {name} has no autocomplete"
        return {"name": name, "type": kind, "value": value, "focused": True}
    right = isinstance(value, KINDS[kind]) and (kind == 5 or not isinstance(value, bool))
    assert right, f"the option {name} is of type {kind}, which {value!r} is not"
    _fits(declared, value)
    if isinstance(value, User):
        _resolve(resolved, value)
    if isinstance(value, Channel):
        whole = value.payload() | {"permissions": EVERY_PERMISSION}
        resolved.setdefault("channels", {})[value.id] = whole
    plain = value.id if isinstance(value, User | Channel) else value
    return {"name": name, "type": kind, "value": plain}


def _fits(declared: Json, value: Any) -> None:
    name, choices = declared["name"], declared.get("choices") or []
    allowed = [choice["value"] for choice in choices]
    assert not allowed or value in allowed, f"the option {name} takes one of {allowed}"
    if isinstance(value, str):
        most = declared.get("max_length") or 6000
        assert len(value) <= most, f"the client stops at {most} characters in {name}"
    elif type(value) is int:
        least, most = declared.get("min_value"), declared.get("max_value")
        assert least is None or value >= least, f"the client takes no {name} below {least}"
        assert most is None or value <= most, f"the client takes no {name} above {most}"


def _resolve(resolved: Json, user: User) -> None:
    resolved.setdefault("users", {})[user.id] = user.payload()
    member = member_payload(user.payload()) | {"permissions": EVERY_PERMISSION}
    del member["user"]
    resolved.setdefault("members", {})[user.id] = member


def button_data(message: Message, label: str) -> Json:
    """The data of a press on a button that the message shows."""
    part = next((b for b in message.parts(2) if b.get("label") == label), None)
    assert part is not None, f"no button {label!r}, only {message.buttons} on: {message.text!r}"
    assert not part.get("disabled"), f"the button {label!r} is switched off"
    assert part["style"] != 5, f"the button {label!r} is a link"
    return {"custom_id": part["custom_id"], "component_type": 2, "id": 1}


def modal_data(state: State, modal: Modal, typed: Mapping[str, str]) -> Json:
    """The data of a form that was sent, with its limits checked as the client checks them."""
    unknown = set(typed) - set(modal.fields)
    assert not unknown, f"the form has no field {sorted(unknown)}, only {sorted(modal.fields)}"
    resolved: Json = {}
    filled = [
        _filled(state, number, label, typed, resolved)
        for number, label in enumerate(modal.labels, start=1)
    ]
    data = {"custom_id": modal.custom_id, "components": filled}
    return data | ({"resolved": resolved} if resolved else {})


def _filled(
    state: State, number: int, label: Json, typed: Mapping[str, str], resolved: Json
) -> Json:
    if label["type"] == 10:
        return {"type": 10, "id": number}
    part, name = label["component"], label["label"]
    value = typed.get(name)
    inner = {"type": part["type"], "id": number + 10, "custom_id": part["custom_id"]}
    if part["type"] == 4:
        inner["value"] = _written(part, name, value)
    else:
        inner["values"] = _chosen(state, part, name, value, resolved)
        required = part.get("required", True) and not inner["values"]
        assert not required, f"the field {name} needs a choice"
    return {"type": 18, "id": number, "component": inner}


def _written(part: Json, name: str, value: str | None) -> str:
    text = value if value is not None else str(part.get("value") or "")
    assert text or not part.get("required", True), f"the field {name} needs words"
    most, least = part.get("max_length") or 4000, part.get("min_length") or 0
    assert len(text) <= most, f"the field {name} takes {most} characters"
    assert not text or len(text) >= least, f"the field {name} needs {least} characters"
    return text


def _chosen(state: State, part: Json, name: str, value: str | None, resolved: Json) -> list[str]:
    if part["type"] == 5:
        ids = [str(d["id"]) for d in part.get("default_values") or ()]
        ids = [value] if value else ids
        for who in ids:
            _resolve(resolved, state.users[who])
        return ids
    options = part["options"]
    if value is None:
        return [o["value"] for o in options if o.get("default")]
    found = [o["value"] for o in options if value in (o["label"], o["value"])]
    assert found or not value, f"the field {name} offers {[o['label'] for o in options]}"
    return found


def interaction_payload(state: State, made: Interaction, data: Json) -> Json:
    """The whole INTERACTION_CREATE around some data."""
    channel, guild = made.channel, made.channel.guild
    payload: Json = {
        "id": made.id,
        "application_id": state.app_id,
        "type": made.type,
        "token": made.token,
        "version": 1,
        "data": data,
        "channel_id": channel.id,
        "channel": channel.payload() | {"permissions": EVERY_PERMISSION},
        "locale": "en-GB",
        "app_permissions": EVERY_PERMISSION if channel.refuses is None else "0",
        "entitlements": [],
        "authorizing_integration_owners": {"0": guild.id if guild else "0"},
        "context": 1 if channel.type == DM else 0,
        "attachment_size_limit": 10_485_760,
    }
    if guild is not None:
        member = member_payload(made.user.payload()) | {"permissions": EVERY_PERMISSION}
        payload |= {"guild_id": guild.id, "member": member, "guild_locale": "en-US"}
        payload["guild"] = {"id": guild.id, "locale": "en-US", "features": []}
    else:
        payload["user"] = made.user.payload()
    if made.source is not None:
        payload["message"] = made.source.payload()
    return payload
