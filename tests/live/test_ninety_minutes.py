"""A meeting of ninety minutes with two cases, as the five who sit in it live through it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from bot.formats.fitting import fit
from bot.formats.model import Format
from bot.formats.reading import read_formats
from bot.live.data import as_data, from_data
from bot.live.people import raise_hand, recuse
from bot.live.rules import ask, begin, call_next_hand, next_step, on, pass_floor
from bot.live.speaking import comes_next, may_speak, speaking
from bot.live.state import LiveState, Segment, is_over_time, time_left
from tests.live.meeting import (
    ANA,
    BEN,
    CAI,
    DEE,
    EVA,
    FIVE,
    START,
    a_case,
    a_phase,
    a_silent_phase,
    around,
    at,
)

AGENDA = (
    around("arrival", 5),
    Segment("follow-ups", (a_phase("follow-ups", 5, "freely"),)),
    a_case(
        1,
        ANA,
        a_phase("roles", 4, "freely"),
        a_phase("telling", 10, "presenter"),
        a_phase("key question", 4, "presenter"),
        a_phase("way of working", 5, "freely"),
        a_silent_phase("consultation", 10, "in turn"),
        a_phase("last word", 5, "presenter"),
    ),
    a_case(
        2,
        BEN,
        a_phase("overview", 8, "presenter"),
        a_phase("probing", 10, "in turn", "question"),
        a_phase("cards", 2, "nobody", "perspective"),
        a_silent_phase("thinking", 10, "freely"),
        a_phase("mirroring", 8, "in turn"),
    ),
    around("close", 4),
)

# Minute, what is pressed, the phase it is then, and what Ana, Ben, Cai, Dee and Eva may do:
# Speak, Ask, listen (.), be silent (-), or sit it out (x).
MEETING = """
 0 begin  arrival        S....
 1 next   arrival        .S...
 2 next   arrival        ..S..
 3 next   arrival        ...S.
 4 next   arrival        ....S
 5 next   arrival        .....
 5 next   follow-ups     SSSSS
10 next   roles          SSSSS
10 next   roles          SSSSS
14 next   telling        S....
24 next   key-question   S....
28 next   way-of-working SSSSS
33 next   consultation   -S...
35 next   consultation   -.S..
37 pass   consultation   -..S.
39 next   consultation   -...S
41 next   consultation   -.S..
43 next   consultation   -....
43 next   last-word      S....
48 next   overview       SSSSx
48 next   overview       .S..x
56 next   probing        AS..x
58 ask    probing        AS..x
59 ask    probing        .S..x
60 next   probing        .SA.x
63 next   probing        .S.Ax
66 next   probing        .S..x
66 next   cards          ----x
68 next   thinking       S-SSx
70 hand   thinking       S-SSx
71 call   thinking       .-S.x
73 call   thinking       S-SSx
78 next   mirroring      S...x
80 next   mirroring      ..S.x
82 next   mirroring      ...Sx
84 next   mirroring      .S..x
86 next   mirroring      ....x
86 next   close          S....
87 next   close          .S...
88 on     over           .....
"""

SIGNS = {"speaks": "S", "asks": "A", "listens": ".", "silent": "-", "recused": "x"}


def pressed(state: LiveState, press: str, now: datetime) -> LiveState:
    """What one line of the meeting says is done."""
    match press:
        case "pass":
            return pass_floor(state, now)
        case "ask":
            return ask(state, now)
        case "hand":
            return raise_hand(state, CAI)
        case "call":
            return call_next_hand(state, now)
        case "on":
            return on(state, now)
    return next_step(state, now)


def voices(state: LiveState) -> str:
    """What each of the five may do."""
    return "".join(SIGNS[may_speak(state, member)] for member in FIVE)


def test_everybody_knows_at_every_second_who_may_speak() -> None:
    state = recuse(begin(AGENDA, FIVE, START), 2, EVA)
    lines = [line.split() for line in MEETING.strip().splitlines()]
    untils = [int(minute) for minute, *_ in lines[1:]] + [90]
    for (minute, press, phase, expected), until in zip(lines, untils, strict=True):
        if press != "begin":
            state = pressed(state, press, at(int(minute)))
        name = state.fitted.phase.name if state.fitted else "over"
        for second in range((until - int(minute)) * 60):
            now = at(int(minute) + second / 60)
            assert (name.replace(" ", "-"), voices(state)) == (phase, expected), minute
            assert not is_over_time(state, now)
            state = from_data(json.loads(json.dumps(as_data(state)))) if second == 30 else state
    assert state.finished


def test_the_clock_says_when_the_phase_ends_and_waits_while_a_case_is_not_open() -> None:
    state = begin(AGENDA, FIVE, START)
    assert time_left(state, at(2)) == timedelta(minutes=3)
    assert not is_over_time(state, at(4.9))
    assert is_over_time(state, at(5))
    state = on(on(state, at(5)), at(10))
    assert (state.opened, time_left(state, at(11))) == (False, timedelta(minutes=4))
    state = next_step(state, at(11))
    assert (state.opened, state.phase_ends) == (True, at(15))


def test_the_card_says_who_or_what_comes_next() -> None:
    state = begin(AGENDA, (ANA, BEN), START)
    assert comes_next(state).speaker == BEN
    state = next_step(state, at(1))
    coming = comes_next(state)
    assert (coming.speaker, coming.segment) == (None, AGENDA[1])
    state = next_step(next_step(state, at(2)), at(2))
    assert comes_next(state).fitted == AGENDA[2].phases[0]
    while state.segment != AGENDA[-1]:
        state = on(state, at(3))
    assert comes_next(next_step(state, at(4))).fitted is None


FORMATS = [found for found in read_formats() if found.unit == "minutes"]


def slots(format: Format) -> tuple[Segment, ...]:
    """A case in this format, or one slot for each of the five."""
    presenters = FIVE if format.per == "person" else (DEE,)
    phases = fit(format, format.length)
    return tuple(Segment("case", phases, 7, member, format_id=format.id) for member in presenters)


@pytest.mark.parametrize("format", FORMATS, ids=lambda found: found.id)
def test_every_format_is_played_from_its_first_phase_to_its_last(format: Format) -> None:
    agenda = (around("arrival", 5), *slots(format), around("close", 4))
    state, played, turns = begin(agenda, FIVE, START), [], []
    for minute in range(500):
        if state.running and state.segment and state.fitted:
            place = (state.at[0], state.fitted.phase.name)
            played += [place] if place not in played else []
            presenter = state.segment.presenter
            phase = state.fitted.phase
            heard = set(speaking(state))
            if phase.speaks == "presenter":
                assert heard == {presenter}
            elif phase.speaks == "nobody":
                assert heard == set()
            elif phase.speaks == "freely":
                assert heard == set(FIVE) - ({presenter} if phase.silent else set())
            elif phase.takes == "question" and state.floor and state.floor.holder:
                assert heard == {presenter, state.floor.holder}
            else:
                assert len(heard) <= 1
                assert presenter not in heard or not phase.silent
            turns += [(place, *heard)]
        state = next_step(state, at(minute))
    assert state.finished
    assert played == [
        (n, fitted.phase.name) for n, segment in enumerate(agenda) for fitted in segment.phases
    ]
    for n, segment in enumerate(agenda):
        for fitted in segment.phases:
            if fitted.phase.speaks == "in turn" and fitted.phase.takes != "question":
                spoke = [who for place, *who in turns if place == (n, fitted.phase.name) and who]
                others = len(FIVE) - fitted.phase.silent * (segment.presenter is not None)
                assert len(spoke) == others * fitted.rounds
