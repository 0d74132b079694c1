"""Every sentence about exchanging places."""

from __future__ import annotations

from bot.cases.texts import named, ordinal
from bot.chat.replies import CommandName, Mention, Moment, Text, sentences
from bot.queue.reading import Coming, Place
from bot.store.tables import Meeting, Member


def place_of(coming: Coming, member: int) -> Place | None:
    """The place with which a member stands in the queue for the coming meeting."""
    return next((p for p in coming.places if p.on_offer and p.member.id == member), None)


def _rank(coming: Coming, place: Place) -> Text:
    return ordinal([p for p in coming.places if p.on_offer].index(place))


def asked(meeting: Meeting, mine: Place, theirs: Place, coming: Coming) -> Text:
    """The answer to whoever asks for a swap."""
    return Text(
        "I have asked {who} in private. If {who} agrees, you two exchange places for {when}: "
        "you are {mine} now and {who} is {theirs}. Until then nothing changes.",
        who=Mention(theirs.member.ref),
        when=Moment(meeting.starts_at),
        mine=_rank(coming, mine),
        theirs=_rank(coming, theirs),
    )


def offer(asker: Member, me: int, meeting: Meeting, coming: Coming) -> Text:
    """What the other is asked in private."""
    mine, theirs = place_of(coming, me), place_of(coming, asker.id)
    return sentences(
        Text(
            "{who} asks to exchange places with you in the case queue, for the meeting on {when} "
            "alone.",
            who=Mention(asker.ref),
            when=Moment(meeting.starts_at),
        ),
        Text(
            "You are {mine} now with {case}, and {who} is {theirs}.",
            mine=_rank(coming, mine),
            case=named(mine.case),
            who=Mention(asker.ref),
            theirs=_rank(coming, theirs),
        )
        if mine and theirs
        else None,
        Text("Nothing changes unless you agree."),
    )


def answered(asker: Member, state: str) -> Text:
    """The post that asked, once it is answered or over."""
    outcome = {
        "agreed": "You agreed to exchange places with {who}.",
        "declined": "You declined to exchange places with {who}; everything stays as it is.",
    }
    over = "{who} asked to exchange places with you; that is over."
    return Text(outcome.get(state, over), who=Mention(asker.ref))


def agreed(asker: Member, meeting: Meeting) -> Text:
    """The answer to whoever agrees."""
    return Text(
        "Done: you and {who} have exchanged places for {when}. {who} is told.",
        who=Mention(asker.ref),
        when=Moment(meeting.starts_at),
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
