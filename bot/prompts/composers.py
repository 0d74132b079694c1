"""What makes the words of each prompt, from what is true when it is sent."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.commands import Commands
from bot.chat.replies import Button, Field, Reply, Text, lines
from bot.context import Composed, Composing, Later
from bot.prompts import texts
from bot.prompts.facts import (
    Facts,
    facts_of,
    read_facts,
    read_meeting,
    read_next,
    was_any_heard,
)
from bot.schedule.attendance import read_answers, sort_answers
from bot.schedule.coming import ends_at
from bot.schedule.ending import FORGOTTEN
from bot.schedule.quiet import quiet_until
from bot.schedule.roles import ROLES, Role
from bot.store.tables import Meeting

COMMANDS = Commands()


@COMMANDS.post("call")
async def call(say: Composing) -> Composed:
    """Call for cases, name the facilitator, ask who comes."""
    facts = await read_facts(say)
    if facts is None or not _is_wanted(say, facts):
        return None
    if over := _over(facts.meeting):
        return over
    if facts.meeting.seats_fixed and say.post.message:
        return Reply(texts.called(facts, say.group))
    return Reply(
        lines(texts.call(facts, say.group), texts.late(say.late)),
        title=texts.titled("Call for cases", say.group),
        fields=(Field("Roles", texts.roles(facts)), texts.answers_field(facts)),
        buttons=(*_rsvp(say, facts.meeting), _add_case(say), *_free_seat(say, facts)),
    )


@COMMANDS.post("agenda")
async def agenda(say: Composing) -> Composed:
    """The agenda a day before, or what groups do when nothing is queued."""
    facts = await read_facts(say)
    if facts is None or not _is_wanted(say, facts):
        return None
    if over := _over(facts.meeting):
        return over
    planned = texts.agenda(facts.agenda) if facts.agenda.places else texts.NO_CASES
    few = facts.attendance.possible < say.group.quorum
    return Reply(
        lines(
            texts.when(facts.meeting, say.group),
            _doubt(facts, texts.too_few_left(facts, say.group)) if few else None,
            texts.late(say.late),
        ),
        title=texts.titled("Agenda", say.group),
        fields=(
            Field("Cases", planned),
            Field("Roles", texts.roles(facts)),
            texts.answers_field(facts),
        ),
        buttons=(
            *_rsvp(say, facts.meeting),
            *(_keep_move_skip(say, facts) if few and not facts.meeting.kept else ()),
            *(() if facts.agenda.places else (_add_case(say),)),
            *_free_seat(say, facts),
        ),
    )


@COMMANDS.post("reminder")
async def reminder(say: Composing) -> Composed:
    """A short reminder an hour before."""
    facts = await read_facts(say)
    if facts is None or not _is_wanted(say, facts):
        return None
    if over := _over(facts.meeting):
        return over
    few = facts.attendance.expected < say.group.quorum
    return Reply(
        lines(
            texts.reminder(facts, say.group),
            _doubt(facts, texts.too_few_said(facts, say.group)) if few else None,
            texts.late(say.late),
        ),
        buttons=(
            *_rsvp(say, facts.meeting),
            *(_keep_move_skip(say, facts) if few and not facts.meeting.kept else ()),
        ),
    )


@COMMANDS.post("nudge")
async def nudge(say: Composing) -> Composed:
    """A private reminder, only to a member who has not answered and wants such."""
    meeting = await read_meeting(say)
    if meeting is None or say.member is None:
        return None
    if say.post.message is not None:
        return _over(meeting) or Reply(texts.nudge(meeting, say.group), buttons=_rsvp(say, meeting))
    answers = await read_answers(say.session, say.group, meeting)
    silent = bool(sort_answers([say.member], answers, meeting).silent)
    if meeting.state != "planned" or not silent or not _takes_private(say):
        return None
    if later := _in_peace(say):
        return later
    return Reply(
        lines(texts.nudge(meeting, say.group), texts.late(_kept_waiting(say))),
        buttons=_rsvp(say, meeting),
    )


@COMMANDS.post("seat")
async def seat(say: Composing) -> Composed:
    """Tell a member privately that they were named for a role."""
    facts = await read_facts(say)
    if facts is None:
        return None
    role = next((r for r, member in facts.seats.items() if member.id == say.post.subject), None)
    if role is None or facts.meeting.state != "planned":
        done = _over(facts.meeting) or (Reply(texts.NO_LONGER) if role is None else None)
        return done if say.post.message is not None else None
    decline = say.button("Decline", "seat.decline", facts.meeting.id, role)
    words = Reply(texts.seat(facts.meeting, say.group, role), buttons=(decline,))
    if say.post.message is not None:
        return words
    if not _takes_private(say):
        return None
    return _in_peace(say) or words


def _takes_private(say: Composing) -> bool:
    """Whether the person wants to be written to in private."""
    return say.person is not None and say.person.private


def _in_peace(say: Composing) -> Later | None:
    """When the person may be written to, if not now; by then it may have expired."""
    until = quiet_until(say.person, say.group, say.now)
    return None if until is None else Later(until)


def _kept_waiting(say: Composing) -> bool:
    """Whether it is late for another reason than that the person was left in peace."""
    return say.late and quiet_until(say.person, say.group, say.post.due_at) is None


@COMMANDS.post("start")
async def start(say: Composing) -> Composed:
    """It is time: who facilitates, who presents, Begin."""
    facts = await read_facts(say)
    if facts is None:
        return None
    if settled := _begun_or_over(facts.meeting):
        return settled if say.post.message else None
    facilitator = facts.seats.get("facilitator")
    present = [place.member for place in facts.agenda.places]
    called = [*([facilitator] if facilitator else []), *present]
    return Reply(
        lines(texts.start(facts, say.group), texts.late(say.late)),
        title=texts.titled("Meeting", say.group),
        buttons=(
            say.button("Begin", "meeting.begin", facts.meeting.id, style="primary"),
            *(() if facilitator else (_take_it(say, facts),)),
        ),
        notify=tuple(dict.fromkeys(member.ref for member in called)),
    )


@COMMANDS.post("unbegun")
async def unbegun(say: Composing) -> Composed:
    """Five minutes later: who takes it?"""
    facts = await read_facts(say)
    if facts is None:
        return None
    if settled := _begun_or_over(facts.meeting):
        return settled if say.post.message else None
    begin = say.button("Begin", "meeting.begin", facts.meeting.id, style="primary")
    facilitator = facts.seats.get("facilitator")
    if say.post.message is not None and facilitator and facts.meeting.facilitator_chose:
        return Reply(texts.taken(facilitator), buttons=(begin,))
    return Reply(
        lines(texts.UNBEGUN, texts.late(say.late)),
        buttons=(_take_it(say, facts), begin),
    )


@COMMANDS.post("overtime")
async def overtime(say: Composing) -> Composed:
    """The planned time is over and nobody has ended the meeting."""
    meeting = await read_meeting(say)
    if meeting is None or meeting.state != "begun":
        return Reply(texts.over(meeting)) if meeting and say.post.message else None
    return Reply(texts.OVERTIME, buttons=(say.button("End", "meeting.end", meeting.id),))


@COMMANDS.post("after")
async def after(say: Composing) -> Composed:
    """The next date, and who is next."""
    meeting = await read_meeting(say)
    if meeting is None or meeting.state in ("skipped", "moved", "dropped"):
        return None
    if meeting.state == "begun":
        # While a group is paused, no meeting is ended for being forgotten.
        patience = timedelta(minutes=1) if say.group.state == "active" else timedelta(hours=1)
        return Later(max(ends_at(meeting) + FORGOTTEN, say.now + patience))
    if say.group.state == "paused" and say.post.message is None:
        return None
    following = await read_next(say)
    coming = await facts_of(say, following) if following else None
    return Reply(
        lines(texts.after(meeting, coming), texts.late(say.late)),
        title=texts.titled("Next time", say.group),
        buttons=(_add_case(say), *(await _to_note(say, meeting))),
    )


async def _to_note(say: Composing, meeting: Meeting) -> tuple[Button, ...]:
    """What can still be written down from a meeting that was held."""
    if meeting.state != "ended":
        return ()
    heard = await was_any_heard(say, meeting)
    return (
        say.command_button("Take-away", "meeting takeaway"),
        *((say.command_button("Intention", "case intention"),) if heard else ()),
    )


def _is_wanted(say: Composing, facts: Facts) -> bool:
    """Whether what leads up to a meeting is still to be said, or was said and is kept true."""
    return say.post.message is not None or facts.meeting.state == "planned"


def _begun_or_over(meeting: Meeting) -> Reply | None:
    """What a card that asks to begin says once that is settled."""
    return _over(meeting) if meeting.begun_at is None else Reply(texts.STARTED)


def _over(meeting: Meeting) -> Reply | None:
    """A card whose meeting is over or called off says so, without what it showed before."""
    return None if meeting.state in ("planned", "begun") else Reply(texts.over(meeting))


def _doubt(facts: Facts, question: Text) -> Text:
    """What is asked where few come, until somebody has said that the meeting is kept."""
    return texts.KEPT if facts.meeting.kept else question


def _rsvp(say: Composing, meeting: Meeting) -> tuple[Button, ...]:
    number = meeting.id
    return (
        say.button("Going", "meeting.rsvp", number, "going", style="primary"),
        say.button("Late", "meeting.rsvp", number, "late"),
        say.button("Not going", "meeting.rsvp", number, "not"),
    )


def _keep_move_skip(say: Composing, facts: Facts) -> tuple[Button, ...]:
    day = facts.meeting.day.isoformat()
    return (
        say.button("Keep it", "meeting.keep", facts.meeting.id),
        say.command_button("Move it", "meeting move", date=day),
        say.command_button("Skip it", "meeting skip", date=day),
    )


def _take_it(say: Composing, facts: Facts, role: Role = "facilitator") -> Button:
    return say.button("Take it", "seat.take", facts.meeting.id, role)


def _free_seat(say: Composing, facts: Facts) -> tuple[Button, ...]:
    """A button for the first role that nobody has."""
    free = [role for role in ROLES if role not in facts.seats]
    return tuple(_take_it(say, facts, role) for role in free[:1])


def _add_case(say: Composing) -> Button:
    return say.command_button("Add a case", "case add")
