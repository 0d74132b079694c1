"""Cards shown in answer to a press: put where they were pressed, not sent after it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.replies import Put
from bot.chat.requests import Request
from bot.store.tables import Group
from scheduler.claims import Claim, claim_pressed
from scheduler.tries import Tries

log = logging.getLogger(__name__)


class Cards:
    """One more way out of the outbox, for a card that somebody looks at and has just pressed.

    A card is claimed in the press's own transaction, so nobody else edits it until what became of
    it is written down: an older state never comes after a newer one. A press meanwhile, or within
    a second of the last edit, leaves it to delivery; so does a process that dies on the way.
    """

    def __init__(self, tries: Tries, look: Callable[[], None]) -> None:
        """Claim under a name beside delivery's; `look` tells that one that there is an edit."""
        self._tries = Tries(tries.setting, f"{tries.me}:card", tries.counts)
        self._look = look

    async def take(
        self, session: AsyncSession, group: Group, key: str, request: Request
    ) -> Callable[[Put], Awaitable[bool]] | None:
        """Take the card that was pressed; what it gives is called after the commit."""
        claim = await claim_pressed(session, self._tries.me, group, key, request)
        return None if claim is None else partial(self._show, claim)

    async def _show(self, claim: Claim, put: Put) -> bool:
        """Put the card as it is now where it was pressed, and say whether it is there."""
        shown = False
        try:
            for ready in await self._tries.make([claim], self._tries.setting.clock()):
                result = await self._tries.show(ready, put)
                shown = result.arrived
                if await self._tries.record([result]):
                    self._look()
        except (SQLAlchemyError, OSError) as error:
            # It is let go when its lease ends, and edited then.
            log.warning("card %s was left to delivery: %s", claim.id, type(error).__name__)
        return shown
