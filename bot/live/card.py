"""The card of a running meeting: where it is, who may speak, how long, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.replies import (
    Bold,
    Field,
    Mention,
    Moment,
    Reply,
    Text,
    counted,
    lines,
    listed,
    sentences,
)
from bot.live import closing_card
from bot.live.buttons import buttons
from bot.live.kept import Item
from bot.live.people import facilitator
from bot.live.rules import QUESTIONS, is_free, questions
from bot.live.shown import MakeButton, Shown, has_seat
from bot.live.speaking import silent_now
from bot.live.state import LiveState, Segment, phase_after
from bot.queue.texts import titled
from bot.schedule.coming import ends_at
from bot.store.tables import Meeting


def card(shown: Shown, button: MakeButton, before: Text | None = None) -> Reply:
    """The meeting as it stands, with what can be done about it."""
    state = shown.state
    words = lines(
        before,
        _begun(shown),
        *_place(shown),
        *_voices(shown),
        *closing_card.words(shown.close),
        _clock(state),
        _next(shown),
    )
    return Reply(
        words,
        Text("Meeting: {group}", group=shown.group.name),
        fields=(*closing_card.last_time(shown.close), *outcomes(shown.kept.items, state)),
        buttons=tuple(buttons(shown, button)),
        notify=_called(shown),
    )


def in_room(shown: Shown, button: MakeButton) -> Reply:
    """What everybody may know of a meeting whose case runs in a room: not its question."""
    segment, meeting = shown.state.segment, shown.kept.meeting.id
    item = shown.kept.item(shown.case_id)
    return Reply(
        lines(
            _begun(shown),
            _case(shown, segment, item) if segment is not None and item is not None else None,
            Text("It runs in a private thread of this channel, for those who take part."),
        ),
        Text("Meeting: {group}", group=shown.group.name),
        fields=outcomes(shown.kept.items, shown.state),
        buttons=(
            button("Show me", "do", "meeting now", ""),
            button("Join", "live.join", meeting),
            button("Agenda", "live.agenda", meeting),
            button("End", "meeting.end", meeting),
        ),
    )


def now(shown: Shown) -> Text:
    """Where the meeting is and who speaks, in a few lines."""
    return lines(*_place(shown), *_voices(shown))


def over(meeting: Meeting, items: Iterable[Item]) -> Reply:
    """The card of a meeting that has ended."""
    when = Moment(meeting.starts_at)
    return Reply(Text("The meeting on {when} is over.", when=when), fields=outcomes(items, None))


def outcomes(items: Iterable[Item], state: LiveState | None) -> tuple[Field, ...]:
    """What became of the cases, and which one is open now."""
    told = [
        Text(
            "{who}: {case}, {outcome}",
            who=Mention(item.member.ref),
            case=titled(item.case),
            outcome=Text(_became(item, state)),
        )
        for item in items
    ]
    return (Field("Cases", lines(*told)),) if told else ()


def _became(item: Item, state: LiveState | None) -> str:
    if item.outcome is not None:
        return item.outcome
    segment = state.segment if state else None
    if state and state.opened and segment and segment.case_id == item.case.id:
        return "now"
    return "gone through" if item.gone_through else "to come"


def _begun(shown: Shown) -> Text:
    meeting = shown.kept.meeting
    facilitator = None if has_seat(shown) else shown.people.get(meeting.facilitator_id or 0)
    return sentences(
        Text("We have begun, until {end}.", end=Moment(ends_at(meeting), "time")),
        Text("{who} facilitates.", who=Mention(facilitator.ref)) if facilitator else None,
    )


def _place(shown: Shown) -> Iterable[Text | None]:
    """The case, the phase and its rule; before a case opens only what anybody may know."""
    state, segment, fitted = shown.state, shown.state.segment, shown.state.fitted
    if segment is None or fitted is None:
        yield Text("That was the last phase. Press End when you close.")
        return
    item = shown.kept.item(segment.case_id)
    if item is not None:
        yield _case(shown, segment, item)
        yield _seat(shown, segment)
    if not state.opened:
        yield Text("Open begins it, and shows its question.")
        return
    if item is not None and item.case.question:
        yield Text("{question}", question=item.case.question)
    name = Bold(fitted.phase.name)
    number, many = state.at[1] + 1, len(segment.phases)
    if many > 1:
        yield Text("{name}, phase {n} of {m}.", name=name, n=number, m=many)
    else:
        yield Text("{name}.", name=name)
    yield Text("{rule}", rule=fitted.phase.rule)


def _case(shown: Shown, segment: Segment, item: Item) -> Text:
    presenter = shown.people.get(segment.presenter or 0, item.member)
    minutes = minutes_of(segment)
    return Text(
        "{who}, {minutes} min: {case}",
        who=Mention(presenter.ref),
        minutes=minutes,
        case=titled(item.case),
    )


def minutes_of(segment: Segment | None) -> int:
    """How long a part of the agenda takes."""
    return sum(fitted.length for fitted in segment.phases) if segment else 0


def _seat(shown: Shown, segment: Segment) -> Text | None:
    if not has_seat(shown):
        return None
    seat = _people(shown, "{people} facilitates this case.", [facilitator(shown.state)])
    return seat or Text("Nobody facilitates this case yet: who does presses Take it.")


def _voices(shown: Shown) -> Iterable[Text | None]:
    """Who speaks, who is silent, and who waits."""
    state, segment, fitted = shown.state, shown.state.segment, shown.state.fitted
    if segment is None or fitted is None:
        return
    if not state.opened:
        yield _missing(shown, segment)
        yield shown.advice[1] if shown.advice else None
        return
    floor = state.floor
    if fitted.phase.speaks == "nobody":
        yield Text("Nobody speaks now.")
    elif fitted.phase.speaks == "presenter":
        yield _people(shown, "{people} speaks.", [segment.presenter])
    elif floor is not None and floor.holder is not None:
        yield _holder(shown, floor.holder, second=floor.second)
    elif is_free(state):
        yield Text("Everybody speaks freely.")
    else:
        yield Text("Everybody had their turn.")
        yield _answers(shown, "{people} answers what is still open.")
    if fitted.phase.speaks != "nobody":
        yield _people(shown, "Silent: {people}.", silent_now(state))
    if floor is not None:
        yield _people(shown, "After that: {people}.", floor.waiting)
        yield _people(shown, "Asked once more at the end: {people}.", floor.passed)
    yield _people(shown, "Hands up: {people}.", state.hands)


def _missing(shown: Shown, segment: Segment) -> Text | None:
    if segment.presenter in shown.state.present:
        return None
    return _people(shown, "{people} is not here yet.", [segment.presenter])


def _holder(shown: Shown, holder: int, *, second: bool) -> Text | None:
    fitted = shown.state.fitted
    if fitted and fitted.phase.takes == "question":
        return _asking(shown, holder)
    if second:
        return _people(shown, "{people} has the floor, asked once more.", [holder])
    return _people(shown, "{people} has the floor.", [holder])


def _asking(shown: Shown, holder: int) -> Text:
    """One question and one follow-up, each answered by the presenter."""
    asked = questions(shown.state, holder)
    if asked >= QUESTIONS:
        return sentences(
            _answers(shown, "{people} answers."), Text("Then it is the next one's turn.")
        )
    asks = "{people} asks one question." if asked == 0 else "{people} asks one follow-up, if any."
    return sentences(_people(shown, asks, [holder]), _answers(shown, "{people} answers."))


def _answers(shown: Shown, template: str) -> Text | None:
    """The presenter, who is asked in a phase of questions."""
    state, segment, fitted = shown.state, shown.state.segment, shown.state.fitted
    if segment is None or fitted is None or fitted.phase.takes != "question":
        return None
    return _people(
        shown, template, [segment.presenter] if segment.presenter in state.present else []
    )


def _people(shown: Shown, template: str, members: Iterable[int | None]) -> Text | None:
    known = [Mention(shown.people[m].ref) for m in members if m and m in shown.people]
    return Text(template, people=listed(known)) if known else None


def _clock(state: LiveState) -> Text | None:
    if not state.running:
        return None
    if state.paused_left is not None:
        minutes = -(-int(state.paused_left.total_seconds()) // 60)
        return Text("The clock is stopped; {left} left.", left=counted(minutes, "minute"))
    return Text("Ends: {ends}", ends=Moment(state.phase_ends, "left"))


def _next(shown: Shown) -> Text | None:
    """The phase that follows; of another case only what anybody may know before it opens."""
    state, here = shown.state, shown.state.segment
    if here is None or not state.opened:
        return None
    segment, phase = phase_after(state.segments, state.at)
    if segment >= len(state.segments):
        return Text("Then: the end.")
    coming = state.segments[segment]
    item = shown.kept.item(coming.case_id)
    if item is not None and coming.case_id != here.case_id:
        return Text(
            "Then: {who} presents {title}.", who=Mention(item.member.ref), title=item.case.title
        )
    return Text("Then: {phase}.", phase=Bold(coming.phases[phase].phase.name))


def _called(shown: Shown) -> tuple[str, ...]:
    """Whose turn it is: they alone are pinged."""
    state, fitted = shown.state, shown.state.fitted
    if not state.running or fitted is None:
        return ()
    turn = state.floor.holder if state.floor else None
    if fitted.phase.speaks == "presenter" and state.segment:
        turn = state.segment.presenter
    return (shown.people[turn].ref,) if turn and turn in shown.people else ()
