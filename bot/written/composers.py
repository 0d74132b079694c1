"""What makes the words of the posts about a case in writing, from what is true when sent."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.commands import Commands
from bot.chat.replies import Button, Reply, Text
from bot.context import Composed, Composing, Context, Later
from bot.queue.recusing import marked_by
from bot.schedule.quiet import quiet_until
from bot.written import texts
from bot.written.kept import (
    Kept,
    card_key,
    find_written,
    read_contributions,
    read_refs,
    who_has_written,
)
from bot.written.passing import is_asked
from bot.written.stepping import CARD, NUDGE, OVER

COMMANDS = Commands()

STALE = timedelta(hours=20)
"""After so long a reminder is yesterday's, and today's has taken its place."""


@COMMANDS.post(CARD)
async def card(say: Composing) -> Composed:
    """The phase, what to write now, until when, and who has; no card that is past."""
    kept = await find_written(say.session, say.group, say.post.subject)
    if kept is None:
        return _without_case(say)
    if not kept.is_open or say.post.key != card_key(kept.row):
        # A card that was never seen need not say that it no longer counts.
        return Reply(texts.past(kept), buttons=_past(say, kept)) if say.post.message else None
    return await shown(say, kept)


def _without_case(say: Composing) -> Composed:
    """What stands where a case is gone with whoever brought it: its words must not stay."""
    return Reply(texts.OVER) if say.post.message else None


def _past(say: Composing, kept: Kept) -> tuple[Button, ...]:
    return (say.button("Show it", "written.show", kept.id),)


async def shown(to: Composing | Context, kept: Kept, before: Text | None = None) -> Reply:
    """The card as it is now, for the group or for one person who asks."""
    session, group = to.session, to.group
    refs = await read_refs(session, group)
    written = await read_contributions(session, group, kept.id)
    here = {one.member_id for one in written if one.phase == kept.row.phase}
    who = [ref for member, ref in refs.items() if member in here]
    return texts.card(kept, who, len(written), to.button, before, paused=group.state == "paused")


@COMMANDS.post(NUDGE)
async def nudge(say: Composing) -> Composed:
    """A private reminder, only to a member who has not written in this phase and wants such."""
    kept = await find_written(say.session, say.group, say.post.subject)
    if kept is None:
        return _without_case(say)
    if say.member is None or say.person is None:
        return None
    if not _is_of_now(say, kept):
        return Reply(texts.NUDGE_OVER) if say.post.message else None
    written = await who_has_written(say.session, say.group, kept)
    asked = is_asked(kept, say.group, say.member, say.now)
    if not asked or say.member.id in written or not say.person.private:
        return None
    if kept.case.id in await marked_by(say.session, say.group, say.member):
        return None
    until = quiet_until(say.person, say.group, say.now)
    if until is not None and say.post.message is None:
        return Later(until)
    return texts.nudge(kept, say.group, say.button)


def _is_of_now(say: Composing, kept: Kept) -> bool:
    row, due = kept.row, say.post.due_at
    return kept.is_open and row.began_at <= due and say.now < min(row.ends_at, due + STALE)


@COMMANDS.post(OVER)
async def over(say: Composing) -> Composed:
    """The case is over: thanks, what it counts as, and how to go back."""
    kept = await find_written(say.session, say.group, say.post.subject)
    if kept is None:
        return Reply(texts.LEFT)
    if kept.is_open:
        return Reply(texts.goes_on(kept)) if say.post.message else None
    written = await read_contributions(say.session, say.group, kept.id)
    return texts.over(kept, len(written), say.button)
