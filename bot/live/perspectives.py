"""Perspective cards, each shown to its holder alone: sent when dealt, and again when asked for."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.chat.replies import Answer, Reply
from bot.context import Composed, Composing, Context
from bot.errors import Conflict
from bot.live import private_texts as texts
from bot.live.commands import pressed
from bot.live.dealing import card_of
from bot.live.following import PERSPECTIVE
from bot.live.kept import find_meeting

COMMANDS = Commands()


@COMMANDS.action("live.mine", writes=False)
async def press_mine(ctx: Context, meeting: int) -> Answer:
    """Show somebody the card they were dealt, where no private message reaches them too."""
    kept = await pressed(ctx, meeting, lock=False)
    card = card_of(kept.state, ctx.formats, ctx.member.id)
    if card is None:
        raise Conflict(texts.NO_CARD)
    return Reply(texts.perspective(card))


@COMMANDS.post(PERSPECTIVE)
async def perspective(say: Composing) -> Composed:
    """The card, while its case runs."""
    kept = await find_meeting(say.session, say.group, say.post.meeting_id or 0, say.now)
    segment = kept.state.segment if kept else None
    if kept is None or segment is None or segment.case_id != say.post.subject:
        return None
    if say.member is None or say.person is None or not say.person.private:
        return None
    card = card_of(kept.state, say.formats, say.member.id)
    return Reply(texts.perspective(card)) if card else None
