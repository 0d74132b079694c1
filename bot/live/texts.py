"""Every sentence of a running meeting, but for those on its card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.replies import Bold, CommandName, Mention, Text, at, counted, lines, sentences
from bot.formats import texts as formats
from bot.formats.fitting import Agenda
from bot.queue.texts import titled
from bot.store.tables import Case, Meeting, Member

AROUND = {
    "arrival": ("Arrival", "One after the other, a sentence each: how do you come here today?"),
    "follow-ups": ("Since last time", "What became of what was planned last time?"),
    "talk": ("Talk", "No case is on the agenda: talk freely, or add one."),
    "close": ("Close", "One after the other: what do you take away from today?"),
}
"""What the parts of a meeting around its cases are called, and their one-line rules."""

JUST_MOVED_ON = Text("The meeting has just moved on; please look at its card again.")
NOT_BEGUN = Text("No meeting has begun. {begin} begins one.", begin=CommandName("meeting begin"))
OTHER_MEETING = Text(
    "That meeting is over. {next} shows the next one.", next=CommandName("meeting next")
)
ALREADY_BEGUN = Text(
    "The meeting has begun already. {now} shows where it is.", now=CommandName("meeting now")
)
OUTDATED = Text("That card is out of date; this is the meeting now.")
NOT_HERE = Text("You are not in this meeting yet, so nothing was changed. Press Join first.")
JOINED = Text("You are in: you come after all who wait.")
HERE_ALREADY = Text("You are in this meeting already.")
LEFT = Text("You have left the meeting. Join brings you back.")
HAND_UP = Text("Your hand is up. Press it again to take it down.")
HAND_DOWN = Text("Your hand is down again.")
NO_HANDS = Text("Hands are for phases in which everybody speaks freely; your turn comes by itself.")
NO_HAND_FOR_YOU = Text("You cannot raise your hand in this phase.")
YOU_SPEAK = Text("You have the floor already.")
NOTHING_BEFORE = Text("This is where the meeting began: there is no step to take back.")
NOTHING_TO_PASS = Text("Nobody has the floor, so there is nothing to pass on.")
NO_CLOCK = Text("No clock is running now.")
PAUSED_ALREADY = Text("The clock is stopped already. Go on lets it run.")
RUNS_ALREADY = Text("The clock is running already.")
NOBODY_ASKS = Text("That is for phases of questions, and for whoever has not asked both of theirs.")
NO_MORE_HANDS = Text("No hand is up.")
ALL_OVER = Text("That was the last phase. End closes the meeting; Back goes back.")
ROOM_OVER = Text("This case is over. I close this thread; the meeting goes on in the channel.")
NO_ROOM = Text(
    "I could not open a private thread for this case, so it runs in this channel, where everybody "
    "can read it. Whoever manages this server can allow me to create private threads, to write in "
    "threads and to manage threads. Until then cases run here."
)
ENDED = Text("The meeting is over. Thank you for closing it.")
OPEN_AGAIN = Text("That case is open again; the meeting's card shows it.")


def too_early(meeting: Meeting) -> Text:
    """Begin was pressed long before the meeting."""
    return Text(
        "The next meeting is on {when}; it can be begun from 30 minutes before. "
        "To meet sooner: {move}.",
        when=at(meeting.starts_at),
        move=CommandName("meeting move"),
    )


def begun(agenda: Agenda) -> Text:
    """The meeting runs now: how its time is shared."""
    return sentences(
        Text("The meeting has begun: {line}.", line=formats.agenda_line(agenda)),
        None if agenda.cases else Text("{add} still brings one.", add=CommandName("case add")),
    )


def shortened(case: Case, wanted: str, chosen: str) -> Text:
    """A case has too little time for its format."""
    return Text(
        "{title}: its time is too short for {wanted}, so it is {chosen}.",
        title=case.title,
        wanted=Bold(wanted),
        chosen=Bold(chosen),
    )


def faster(by: Member | None, presser: int, now: Text) -> Text:
    """Somebody else's press was first: who it was, and what holds now."""
    if by is None:
        said = Text("The card has just moved on.")
    elif by.id == presser:
        said = Text("You did that already.")
    else:
        said = Text("{who} was faster.", who=Mention(by.ref))
    return lines(said, now)


def stepped(now: Text) -> Text:
    """The answer to a typed step: what holds now, and how to undo it."""
    return lines(now, Text("{back} undoes the last step.", back=CommandName("turn back")))


def which_were_heard(cases: Sequence[tuple[Case, Member]]) -> Text:
    """Before a meeting ends: which cases were heard?"""
    (first, *rest) = [case_line(case, member) for case, member in cases]
    return lines(
        Text("Before we close: was this case heard?"),
        first,
        Text("Then:") if rest else None,
        *rest,
    )


def case_line(case: Case, member: Member) -> Text:
    """A case as it is named while a meeting runs: presenter and title, never the question."""
    return Text("{who}: {case}", who=Mention(member.ref), case=titled(case))


def counted_as_heard(cases: Sequence[Case]) -> Text | None:
    """Which cases count as heard because all their phases were gone through."""
    if not cases:
        return None
    names = [titled(case) for case in cases]
    heard = names[0] if len(names) == 1 else Text("{a} and {b}", a=names[0], b=names[1])
    if len(names) > 2:
        heard = Text("{cases}", cases=counted(len(names), "case"))
    return Text("Counted as heard: {heard}.", heard=heard)


def marked(code: str, outcome: str) -> Text:
    """Somebody said what became of a case."""
    return Text("{code} is marked as {outcome}.", code=Bold(code), outcome=Text(outcome))


def outcome_known(code: str, outcome: str) -> Text:
    """Somebody was faster."""
    return Text("{code} is already marked as {outcome}.", code=Bold(code), outcome=Text(outcome))


def time_is_up(phase: str) -> Text:
    """A phase's time is over; nothing ends by itself."""
    return Text("Time is up for {phase}. More time, or on?", phase=Bold(phase))


WENT_ON = Text("Time was up here; the card of the meeting says how we went on.")
