"""Every sentence about exchanging places."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.texts import ordinal
from bot.chat.replies import CommandName, Mention, Moment, Text, sentences
from bot.queue.reading import Coming, Place
from bot.store.tables import Meeting, Member


def place_of(coming: Coming, member: int) -> Place | None:
    """The place with which a member stands in the queue for the coming meeting."""
    return next((p for p in coming.places if p.on_offer and p.member.id == member), None)


def ranks(places: Sequence[Place]) -> list[int]:
    """The members in the order in which they stand for the coming meeting."""
    return [place.member.id for place in places if place.on_offer]


def asked(coming: Coming, me: Member, other: Member) -> Text:
    """The answer to whoever asks for a swap."""
    return sentences(
        Text("I have asked {who} in private.", who=Mention(other.ref)),
        _now_and_then(coming, me, other),
        Text("Until {who} agrees nothing changes.", who=Mention(other.ref)),
    )


def offer(coming: Coming, asker: Member, me: Member) -> Text:
    """What the other is asked in private."""
    return sentences(
        Text(
            "{who} asks to exchange places with you in the case queue, for one meeting: {when}.",
            who=Mention(asker.ref),
            when=Moment(coming.meeting.starts_at) if coming.meeting else Text("the next one"),
        ),
        _now_and_then(coming, me, asker),
        Text("Nothing changes unless you agree."),
    )


def _now_and_then(coming: Coming, me: Member, other: Member) -> Text | None:
    """Where both stand, and where both would; urgent cases keep what they are owed."""
    now, then = ranks(coming.places), ranks(coming.if_swapped(me, other))
    if me.id not in now or other.id not in now:
        return None
    return Text(
        "Now you are {mine} and {who} is {theirs}; then you would be {my_new} and {who} "
        "{their_new}.",
        who=Mention(other.ref),
        mine=ordinal(now.index(me.id)),
        theirs=ordinal(now.index(other.id)),
        my_new=ordinal(then.index(me.id)),
        their_new=ordinal(then.index(other.id)),
    )


def answered(asker: Member, state: str) -> Text:
    """The post that asked, once it is answered or over."""
    outcome = {
        "agreed": "You agreed to exchange places with {who}.",
        "declined": "You declined to exchange places with {who}; everything stays as it is.",
    }
    over = "{who} asked to exchange places with you; that is over."
    return Text(outcome.get(state, over), who=Mention(asker.ref))


def agreed(coming: Coming, me: Member, asker: Member) -> Text:
    """The answer to whoever agrees; `coming` is how it was before."""
    then = ranks(coming.if_swapped(me, asker))
    return Text(
        "Done: you and {who} have exchanged places for {when}. You are {mine} now and {who} is "
        "{theirs}; {who} is told.",
        who=Mention(asker.ref),
        when=Moment(coming.meeting.starts_at) if coming.meeting else Text("the next meeting"),
        mine=ordinal(then.index(me.id)),
        theirs=ordinal(then.index(asker.id)),
    )


def they_agreed(other: Member, meeting: Meeting | None) -> Text:
    """What whoever asked is told."""
    return Text(
        "{who} agreed: you two have exchanged places for {when}.",
        who=Mention(other.ref),
        when=Moment(meeting.starts_at) if meeting else Text("the next meeting"),
    )


def they_declined(other: Member) -> Text:
    """What whoever asked is told."""
    return Text(
        "{who} would rather keep the place in the queue this time; everything stays as it is.",
        who=Mention(other.ref),
    )


def they_took_back(other: Member) -> Text:
    """What the other of the two is told."""
    return Text(
        "{who} has taken back the swap with you; you have your own places again.",
        who=Mention(other.ref),
    )


DECLINED = Text("Declined. Everything stays as it is, and I say so kindly.")
TAKEN_BACK = Text("Taken back. Everybody has their own place.")
OVER = Text(
    "That swap is answered or over already. {queue} shows the order now.",
    queue=CommandName("case queue"),
)
NOT_YOURS = Text("That swap is between two other members.")
NO_MEETING = Text("No meeting is planned, so there are no places to exchange yet.")
RUNNING = Text("The meeting has begun, and its agenda stays as it is.")
WITH_ONESELF = Text("With is another member: you cannot exchange places with yourself.")
CHANGES_NOTHING = Text(
    "That would change nothing: a case that goes to the front or passes another for its urgency "
    "does so from either place."
)
ONE_SWAP = Text(
    "One of you has a swap for the next meeting already, and there is one a member. "
    "Taking that one back makes room."
)
NOTHING_OF_YOURS = Text(
    "You have no case that could be heard at the next meeting, so there is no place to exchange. "
    "{add} brings one.",
    add=CommandName("case add"),
)


def no_member(ref: str) -> Text:
    """Nobody of that name is in the group."""
    return Text("{who} is no member of this group.", who=Mention(ref))


def nothing_of_theirs(member: Member) -> Text:
    """The other has nothing to swap."""
    return Text(
        "{who} has no case that could be heard at the next meeting, so there is no place to "
        "exchange.",
        who=Mention(member.ref),
    )


def already_asked(other: Member) -> Text:
    """It was asked before."""
    return Text("You have asked {who} already; the answer is still open.", who=Mention(other.ref))


def asked_you(other: Member) -> Text:
    """The other was faster to ask."""
    return Text(
        "{who} has asked you the same: press Agree in what I wrote to you in private.",
        who=Mention(other.ref),
    )
