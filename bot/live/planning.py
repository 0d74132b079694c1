"""How the time that is left is shared by the cases to come, and what each is worked through in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.context import Context
from bot.formats.choosing import in_force
from bot.formats.fitting import SHORTEST_CASE, shares
from bot.live.agenda import replan, to_come
from bot.live.kept import Kept
from bot.live.segments import CaseSlot, fit_format, segments_of
from bot.live.state import LiveState, Segment, cases_to_come, time_left
from bot.schedule.coming import ends_at
from bot.store.tables import Case, Meeting

MINUTE = timedelta(minutes=1)


def minutes_left(meeting: Meeting, now: datetime) -> int:
    """How long a meeting that begins now can be: begun late it ends at its time all the same."""
    return max(0, min(meeting.minutes, -(-(ends_at(meeting) - now) // MINUTE)))


def slot_for(ctx: Context, case: Case, minutes: int, present: int) -> CaseSlot:
    """A case in the format chosen for it, for the group, or in one that fits its minutes."""
    chosen = in_force(ctx.formats, case.format_id, ctx.group.format_id)
    format, wanted = fit_format(ctx.formats, chosen, minutes, present)
    return CaseSlot(case.id, case.member_id, minutes, format, wanted)


def refit(ctx: Context, kept: Kept, state: LiveState, *more: Case) -> LiveState:
    """Every case to come in the minutes and the format it has now, built anew.

    Call it after each change of what is to come, of a format, or of how many cases there are;
    `more` are cases of the state that were not on the agenda when it was read.
    """
    cases = {case.id: case for case in (*(item.case for item in kept.items), *more)}
    coming = [cases[case_id] for case_id in cases_to_come(state) if case_id in cases]
    minutes = shares([case.minutes for case in coming], _time_for_cases(kept, state, ctx.now))
    built = {
        case.id: _built(ctx, state, case, max(SHORTEST_CASE, share))
        for case, share in zip(coming, minutes, strict=True)
    }
    return replan(state, _replaced(to_come(state), built), ctx.now)


def _built(ctx: Context, state: LiveState, case: Case, minutes: int) -> Sequence[Segment]:
    """A case's segments; who sits it out and who facilitates it stays."""
    before = next((s for s in to_come(state) if s.case_id == case.id), None)
    slot = slot_for(ctx, case, minutes, len(state.present))
    if before is not None:
        slot = replace(slot, facilitator=before.facilitator, recused=before.recused)
    return segments_of(slot, state.present)


def _replaced(coming: Sequence[Segment], built: dict[int, Sequence[Segment]]) -> list[Segment]:
    """Each case where it stood first, once; what belongs to no case as it was."""
    made: list[Segment] = []
    for segment in coming:
        if segment.case_id is None or segment.case_id not in built:
            made.append(segment)
        elif all(one.case_id != segment.case_id for one in made):
            made += built[segment.case_id]
    return made


def _time_for_cases(kept: Kept, state: LiveState, now: datetime) -> int:
    """The minutes until the planned end that nothing else needs."""
    left = ends_at(kept.meeting) - now
    if state.running and state.segment is not None:
        rest = sum(fitted.length for fitted in state.segment.phases[state.at[1] + 1 :])
        left -= time_left(state, now) + rest * MINUTE
    around = [s for s in to_come(state) if s.kind != "case"]
    left -= sum(fitted.length for s in around for fitted in s.phases) * MINUTE
    return max(0, left // MINUTE)
