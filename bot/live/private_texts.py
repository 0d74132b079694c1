"""Every sentence for one person alone: about a seat, a card, a case that they sit out."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.replies import Bold, CommandName, Mention, Text, lines, sentences
from bot.formats.model import Perspective, Phase
from bot.live.texts import case_line
from bot.queue.texts import quoted
from bot.store.tables import Case, Member

SETTLED = Text("That seat is settled; there is nothing to do.")
SEAT_OVER = Text("That case is over, or is not on today's agenda any more.")
PRESENTERS = Text("Whoever presents a case does not facilitate it as well.")
NOT_YOUR_SEAT = Text("That seat is not yours, so there is nothing to decline.")
DECLINED = Text("That is fine: somebody else is asked. Take it brings the seat back to you.")
NOT_YOURS_TO_NAME = Text("A facilitator is named by whoever presents, before their case opens.")
NOT_IN_MEETING = Text("Only somebody who is in the meeting can be named; they can press Join.")
HELD_ALREADY = Text("You facilitate this case already.")

NO_CASES = Text("No case of anybody else is waiting, so there is none to sit out.")
NO_SUCH_CASE = Text(
    "No case of that name is waiting. {recuse} shows them.", recuse=CommandName("case recuse")
)
YOUR_OWN = Text("That case is your own.")
OPEN_ALREADY = Text(
    "That case is open already, so I cannot keep its question from you. Leave takes you out of "
    "the meeting, and Join brings you back when the case is over."
)
HEARD_OPENING = Text("That case is open now; you take part again when it is over.")
SITTING_OUT = Text(
    "You sit this case out, so I show you nothing of it. I write to you when it is over."
)
NO_CARD = Text("You have no card in this case.")


def asked(case: Case, presenter: Member) -> Text:
    """To whoever could facilitate a case."""
    return Text(
        "Would you facilitate this case? {case}. You read out the rule of each phase and keep to "
        "the time; I send you a line for each. Decline is fine: the next one is asked.",
        case=case_line(case, presenter),
    )


def taken(case: Case) -> Text:
    """Somebody facilitates a case."""
    return Text(
        "You facilitate {case}. I send you a line for each phase; Decline gives the seat back.",
        case=quoted(case),
    )


def named(member: Member) -> Text:
    """The presenter has said who shall facilitate."""
    return Text(
        "You have named {who}. If it does not suit them, the next one is asked.",
        who=Mention(member.ref),
    )


def aside(phase: Phase) -> Text:
    """A line for whoever facilitates."""
    return Text("For you, {phase}: {line}", phase=Bold(phase.name), line=phase.aside)


def perspective(card: Perspective) -> Text:
    """A card that was dealt."""
    return Text("Your card, {name}: {line}", name=Bold(card.name), line=card.line)


IN_CHANNEL = Text(
    "What I cannot hide: on a call you hear what is said, and everybody in this channel "
    "sees what is posted in it. So step away when it opens."
)
IN_THREAD = Text(
    "It runs in a private thread without you, if this server lets me open one. What I cannot hide: "
    "on a call you hear what is said, whoever is in the thread sees who is not, and whoever may "
    "manage threads can look in. So step away when it opens."
)


def recused(case: Case, writes: bool, room: str) -> Text:
    """A member sits out a case: what is hidden from them, what cannot be, and what comes next."""
    return sentences(
        Text("You sit out {case}: no turn, no ping, and nobody is told.", case=quoted(case)),
        IN_THREAD if room == "thread" else IN_CHANNEL,
        Text("I write to you in private when it is over.")
        if writes
        else Text("You want no private messages: {now} shows when it is over.", now=NOW),
    )


def recused_in_writing(case: Case) -> Text:
    """A member sits out a case in writing: what is hidden from them, and what cannot be."""
    return sentences(
        Text(
            "You sit out {case}: I ask you nothing about it and show you nothing that is written, "
            "and nobody is told.",
            case=quoted(case),
        ),
        Text("What I cannot hide: its card, with the question, stays in this channel."),
    )


NOW = CommandName("meeting now")


def takes_part(case: Case) -> Text:
    """The mark was for the wrong case."""
    return Text("You take part in {case} again. Nobody was told.", case=quoted(case))


GOES_ON = Text("That case goes on after all. I write to you when it is over.")


def over(case: Case | None) -> Text:
    """To whoever sat out a case; there is none any more where its presenter was forgotten."""
    if case is None:
        return Text("The case that you sat out is over: you can come back.")
    if not case.title:
        return Text("{code} is over.", code=case.code)
    return Text("“{title}” is over: you can come back.", title=case.title)


def which_to_sit_out(rows: Iterable[tuple[Case, Member, bool]]) -> Text:
    """The cases that can be sat out, with what was marked."""
    return lines(
        Text("If you may know the person in a case, sit it out. Nobody is told."),
        *[_row(case, member, out) for case, member, out in rows],
    )


def _row(case: Case, member: Member, out: bool) -> Text:
    line = case_line(case, member)
    return Text("{case}: you sit it out", case=line) if out else line
