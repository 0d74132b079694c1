"""Every sentence about a case in writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.chat.replies import (
    Bold,
    Button,
    CommandName,
    Field,
    Mention,
    Moment,
    Reply,
    Text,
    at,
    counted,
    joined,
    lines,
    listed,
    sentences,
)
from bot.formats.model import Format, Phase
from bot.queue.texts import named
from bot.store.tables import Case, Group
from bot.store.written_tables import Contribution
from bot.written.kept import Kept

MakeButton = Callable[..., Button]
"""How a button that carries its group is made: `Context.button` or `Composing.button`."""

TITLE = Text("A case in writing")

NONE_IN_DAYS = Text(
    "There is no format in days here. Whoever runs me can add one; {show} shows what there is.",
    show=CommandName("meeting format"),
)
PAUSED = Text("The group is paused. {resume} wakes it up.", resume=CommandName("group resume"))
WHICH = Text(
    "Which case shall be worked through in writing? Its title and question are then shown to the "
    "group, and everybody writes, over days."
)
ANOTHER_RUNS = Text("One case at a time: another one is being worked through in writing.")
ON_AGENDA = Text("That case is on the agenda of the meeting that is running.")
RUNNING = Text("One case at a time. This one is being worked through in writing now.")
NOTHING_BEFORE = Text(
    "This is where it began. Whoever presents the case can take it back with {write}.",
    write=CommandName("case write"),
)
OUTDATED = Text("That card is out of date; this is how it stands.")
OVER = Text("That case is no longer worked through in writing.")
LEFT = Text("The case in writing is over: whoever brought it is no longer in the group.")
CANNOT_REOPEN = Text("That case cannot be opened again: something has changed since.")
SITTING_OUT = Text("You sit this case out, so I show you nothing of it.")
NOT_YOURS = Text("Only whoever presents the case can take it back.")
NOT_WRITTEN_BY_YOU = Text("That was written by somebody else.")
GONE = Text("That is no longer there.")
NOTHING_YET = Text("Nobody has written anything yet.")
KEPT = Text("Thank you, it is with the others; everybody in the group can read it.")
CHANGED = Text("Changed. Everybody reads it as it is now.")
TAKEN_BACK = Text("Taken back: it is gone, and nobody can read it any more.")
WHAT_NOT = Text("Nothing by which anybody could be recognised: no names, dates or places.")
EMPTY_IT = Text("Empty it to take it back.")
STOPPED = Text("Taken back: your case waits again where it stood. I say so in the channel.")
TOO_MANY = Text("You have written ten times in this phase; leave some room for the others.")
EMPTY = Text("There was nothing in it, so nothing was kept.")


def no_such_format(typed: str, known: Sequence[Format]) -> Text:
    """Nobody knows which format in days is meant."""
    return Text(
        "I know no format in days called {typed}. There is {names}.",
        typed=typed,
        names=listed([Bold(found.name) for found in known]),
    )


def started(case: Case, format: Format, last: datetime) -> Text:
    """The answer to whoever opened their case."""
    return lines(
        Text(
            "{case} is open: {phases} in {days}, until {last}. Its card is in the channel.",
            case=named(case),
            phases=counted(len(format.phases), "phase"),
            days=counted(format.length, "day"),
            last=Moment(last, "date"),
        ),
        Text("Any member may move it on. Take it back, and it waits again as it did."),
    )


def card(
    kept: Kept,
    who: Sequence[str],
    many: int,
    button: MakeButton,
    before: Text | None = None,
    *,
    paused: bool = False,
) -> Reply:
    """The case, the phase, who writes, until when, who has written, and what comes next."""
    row, case = kept.row, kept.case
    step = (kept.id, row.version)
    back = (button("Back", "written.back", *step),) if row.phase else ()
    # Who is asked to write is pinged; nobody else is.
    notify = (kept.presenter.ref,) if kept.phase.speaks == "presenter" else ()
    return Reply(
        lines(
            before,
            Text("{case}, by {who}", case=named(case), who=Mention(kept.presenter.ref)),
            Text("{question}", question=case.question) if case.question else None,
        ),
        title=TITLE,
        fields=(
            Field(f"Phase {row.phase + 1} of {len(kept.phases)}", now(kept, paused=paused)),
            Field("Written", _written(who, many)),
            Field("Then", _then(kept.following)),
        ),
        buttons=(
            button("Write", "written.write", *step, style="primary"),
            button("Read", "written.read", kept.id, LAST_PAGE),
            button("Next", "written.next", *step),
            *back,
            button("I may know this person", "case.recuse", case.code),
        ),
        notify=notify,
    )


LAST_PAGE = 999
"""Stands for the newest page in a button."""


def now(kept: Kept, *, paused: bool = False) -> Text:
    """The phase, what to write in it, who does, and until when."""
    phase = kept.phase
    until = Text("Until {end}, or until somebody presses Next.", end=at(kept.row.ends_at))
    if paused:
        until = Text("The group is paused, and these days do not count.")
    return lines(
        Text("{name}", name=Bold(phase.name)),
        Text("{rule}", rule=phase.rule),
        writers(phase, kept.presenter.ref),
        until,
        Text("I was away when the phase before ended. Back returns to it.")
        if kept.row.late
        else None,
    )


def writers(phase: Phase, presenter: str) -> Text:
    """Who writes in a phase."""
    who = Mention(presenter)
    if phase.speaks == "nobody":
        return Text("Nobody writes now; it is time to read.")
    if phase.speaks == "presenter":
        return Text("{who} writes now, and everybody reads.", who=who)
    if phase.silent:
        return Text("Everybody writes but {who}, who reads along.", who=who)
    return Text("Everybody writes.")


def _written(who: Sequence[str], many: int) -> Text:
    people = [Mention(ref) for ref in who]
    if not people:
        here = Text("Nobody in this phase yet.")
    else:
        here = Text("In this phase: {people}.", people=listed(people))
    return sentences(here, Text("{n} in all.", n=many) if many else None)


def _then(following: Phase | None) -> Text:
    if following is None:
        return Text("It is over, and counts as presented.")
    return Text("{name}, {days}.", name=following.name, days=counted(following.length, "day"))


def past(kept: Kept) -> Text:
    """What a card says that no longer counts."""
    if kept.is_open:
        return Text("{case} has moved on; its card is further down.", case=named(kept.case))
    return Text("{case} is no longer worked through in writing.", case=named(kept.case))


def goes_on(kept: Kept) -> Text:
    """The closing was taken back."""
    return Text("{case} goes on after all; its card is further down.", case=named(kept.case))


def over(kept: Kept, many: int, button: MakeButton) -> Reply:
    """The case is closed: how, and what that means."""
    case, who = named(kept.case), Mention(kept.presenter.ref)
    if kept.row.state == "stopped":
        return Reply(Text("{who} has taken {case} back; it waits again.", who=who, case=case))
    if kept.row.state == "left":
        return Reply(Text("{case} is over: {who} is no longer in the group.", case=case, who=who))
    words = sentences(
        Text("{case} is over, and counts as presented.", case=case),
        Text("Thank you, everybody, and {who} for bringing it.", who=who),
        Text("Not yet? Back opens it again."),
    )
    read = (button("Read", "written.read", kept.id, LAST_PAGE),) if many else ()
    return Reply(words, buttons=(*read, button("Back", "written.back", kept.id, kept.row.version)))


NUDGE_OVER = Text("That phase is over; there is nothing to do.")


def nudge(kept: Kept, group: Group, button: MakeButton) -> Reply:
    """A reminder for somebody who has not written in this phase."""
    return Reply(
        lines(
            Text(
                "{case} in {group}: a few lines of yours are welcome until {end}.",
                case=named(kept.case),
                group=group.name,
                end=at(kept.row.ends_at),
            ),
            Text("{name}: {rule}", name=Bold(kept.phase.name), rule=kept.phase.rule),
        ),
        buttons=(
            button("Write", "written.write", kept.id, kept.row.version, style="primary"),
            button("Read", "written.read", kept.id, LAST_PAGE),
        ),
    )


def not_now(kept: Kept) -> Text:
    """Somebody who does not write in this phase pressed Write."""
    phase = kept.phase
    return sentences(
        writers(phase, kept.presenter.ref),
        Text("Then comes {name}.", name=kept.following.name) if kept.following else None,
    )


def faster(by: str | None, kept: Kept, *, mine: bool) -> Text:
    """Another press was first: whose, and what holds now."""
    if mine:
        said = Text("You did that already.")
    elif by is not None:
        said = Text("{who} was faster.", who=Mention(by))
    else:
        said = Text("The card has just moved on by itself.")
    return sentences(said, Text("Now: {name}.", name=kept.phase.name) if kept.is_open else None)


def too_late(written: str) -> Text:
    """The case was over before the form was sent: nothing is lost, but nothing is kept."""
    return lines(OVER, Text("What you wrote was not kept. Here it is:"), Text("{w}", w=written))


def page(
    kept: Kept, shown: Sequence[tuple[int, Contribution]], place: Text, names: Mapping[int, str]
) -> Text:
    """One page of what was written, with the phase it belongs to."""
    number = shown[0][1].phase
    phase = kept.phases[number]
    written = [
        Text("{n}. {who}: {text}", n=n, who=Mention(names[one.member_id]), text=one.text)
        for n, one in shown
    ]
    question = kept.case.question if number == 0 else ""
    head = lines(
        Text("{phase} ({place})", phase=Bold(phase.name), place=place),
        Text("{question}", question=question) if question else None,
    )
    return joined([head, *written], "\n\n")


def nothing_to_read(kept: Kept) -> Text:
    """Nobody has written yet: at least there is the question."""
    asked = kept.case.question
    return lines(NOTHING_YET, Text("{question}", question=asked) if asked else None)
