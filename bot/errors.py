"""What can go wrong in a way that a person, an operator or the outbox must be told."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.replies import Button, Text


class BotError(Exception):
    """That did not work."""

    def __init__(
        self,
        text: Text | str | None = None,
        *,
        option: str | None = None,
        buttons: tuple[Button, ...] = (),
    ) -> None:
        """Say `text` to the person; `option` names the form field or option it is about."""
        words = text if text is not None else (type(self).__doc__ or "")
        self.text = words if isinstance(words, Text) else Text("{words}", words=words)
        self.option = option
        self.buttons = buttons
        super().__init__(str(self.text))


class UsageError(BotError):
    """That was typed in a way I cannot read."""


class NotFound(BotError):
    """There is no such thing here."""


class NotAllowed(BotError):
    """That is somebody else's."""


class Conflict(BotError):
    """That has changed in the meantime."""


class DeliveryError(Exception):
    """A post could not be sent; `permanent` says whether trying again can help.

    `reason` is a short code for logs and the outbox (`channel_gone`, `token_revoked`, …);
    `retry_after` is how long the platform asked to wait; `scope` says what is gone for good:
    the message, the person's private channel, a room, the channel or the whole space.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        retry_after: timedelta | None = None,
        scope: str = "channel",
    ) -> None:
        """Raised by adapters only, handled by the outbox only."""
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.scope = scope
