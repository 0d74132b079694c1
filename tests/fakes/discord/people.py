"""What people do: type commands, press buttons, fill forms, and see what comes of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TypeVar

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.payloads import (
    Given,
    button_data,
    command_data,
    find_command,
    interaction_payload,
    modal_data,
)
from tests.fakes.discord.state import State
from tests.fakes.discord.world import (
    Channel,
    Interaction,
    Json,
    Message,
    Modal,
    Shown,
    User,
)

T = TypeVar("T")
COMMAND, PRESS, TYPING, FORM = 2, 3, 4, 5


class People:
    """The vocabulary in which tests say what somebody does."""

    def __init__(self, state: State, gateway: Gateway) -> None:
        self.state, self.gateway = state, gateway
        self._told: dict[str, Json] = {}

    async def slash(
        self, user: User, name: str, given: Given | None = None, *, channel: Channel
    ) -> Shown:
        """Type a command and give back what the person then sees."""
        return await self.see(await self.send_slash(user, name, given, channel=channel))

    async def send_slash(
        self, user: User, name: str, given: Given | None = None, *, channel: Channel
    ) -> Interaction:
        """Type a command without waiting for its answer."""
        await self.until(
            lambda: find_command(self.state.commands, name), f"/{name} to be registered"
        )
        root = next(c for c in self.state.commands if c["name"] == name.split(" ")[0])
        contexts = root.get("contexts")
        where = 0 if channel.guild else 1
        assert contexts is None or where in contexts, f"/{name} is not offered in {channel.name}"
        data = command_data(self.state, name, given or {})
        return await self._do(user, channel, COMMAND, data)

    async def press(self, user: User, on: Shown | Message, label: str) -> Shown:
        """Press a button on what the person sees, and give back what they see then."""
        return await self.see(await self.send_press(user, on, label))

    async def send_press(self, user: User, on: Shown | Message, label: str) -> Interaction:
        """Press a button without waiting for what comes of it."""
        message = on.message if isinstance(on, Shown) else on
        assert message is not None, f"there is no message with a button {label!r}"
        assert message.private_to in (None, user), f"{user.name} does not see that message"
        data = button_data(message, label)
        return await self._do(user, message.channel, PRESS, data, message)

    async def press_id(self, user: User, on: Message, custom_id: str) -> Shown:
        """Press a button that only an older version of the message had."""
        return await self.see(await self.send_press_id(user, on, custom_id))

    async def send_press_id(self, user: User, on: Message, custom_id: str) -> Interaction:
        """Press such a button without waiting for what comes of it."""
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        return await self._do(user, on.channel, PRESS, data, on)

    async def submit(
        self, user: User, form: Shown | Modal, typed: Mapping[str, str] | None = None
    ) -> Shown:
        """Fill a form by its labels, send it, and give back what the person then sees."""
        return await self.see(await self.send_form(user, form, typed))

    async def send_form(
        self, user: User, form: Shown | Modal, typed: Mapping[str, str] | None = None
    ) -> Interaction:
        """Send a form without waiting for its answer."""
        modal = form.modal if isinstance(form, Shown) else form
        assert modal is not None, "no form was opened"
        data = modal_data(self.state, modal, typed or {})
        return await self._do(user, modal.channel, FORM, data, modal.message)

    async def autocomplete(
        self,
        user: User,
        name: str,
        option: str,
        text: str,
        *,
        channel: Channel,
        given: Given | None = None,
    ) -> list[tuple[str, str]]:
        """Type in an option and give back what is offered: (what is shown, what is filled in)."""
        await self.until(
            lambda: find_command(self.state.commands, name), f"/{name} to be registered"
        )
        data = command_data(self.state, name, {**(given or {}), option: text}, focused=option)
        made = await self._do(user, channel, TYPING, data)
        await self.until(lambda: made.choices is not None, f"suggestions for {option}")
        return [(c["name"], str(c["value"])) for c in made.choices or []]

    async def see(self, made: Interaction) -> Shown:
        """Wait for what somebody sees after what they did."""
        return await self.until(made.shown, f"an answer to {made.user.name}'s {made.type}")

    async def again(self, made: Interaction) -> None:
        """Let the gateway tell of the same thing a second time."""
        await self.gateway.tell("INTERACTION_CREATE", self._told[made.id])

    async def until(self, ready: Callable[[], T | None], what: str, within: float = 10.0) -> T:
        """Wait until something is so; fail saying what was missing and what went wrong."""
        try:
            return await self.state.changes.until(ready, what, within)
        except AssertionError as missing:
            raise AssertionError(f"{missing}; problems: {self.state.problems}") from None

    async def _do(
        self, user: User, channel: Channel, kind: int, data: Json, on: Message | None = None
    ) -> Interaction:
        assert channel.shows(user), f"{user.name} does not see the thread {channel.name}"
        await self.until(self.gateway.live, "the bot to be connected")
        made = Interaction(
            self.state.new_id(),
            secrets.token_hex(16),
            user,
            channel,
            self.state.clock.now(),
            kind,
            on,
        )
        self.state.interactions[made.token] = made
        if on is not None:
            # A snapshot is pressed as it was; what is updated is the message itself.
            made.source = self.state.messages.get(on.id, on)
        payload = interaction_payload(self.state, made, data)
        self._told[made.id] = payload
        await self.gateway.tell("INTERACTION_CREATE", payload)
        return made
