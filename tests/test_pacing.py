"""Posts leave evenly spaced, as fast as the platform allows and never faster."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.pacing import DISCORD, Pace, Pacer, slack

Left = list[tuple[float, int]]


def drain(pacer: Pacer[int], now: float = 0.0, late: float = 0.0) -> Left:
    """Let everything leave, on a clock that wakes `late` seconds after each pause."""
    left: Left = []
    while True:
        item, pause = pacer.next(now)
        if item is not None:
            left.append((now, item))
        elif pause is None:
            return left
        else:
            assert pause > 0
            now += pause + late


def most_within(times: list[float], seconds: float) -> int:
    """The most that left in any stretch of so many seconds."""
    most, start = 0, 0
    for end, time in enumerate(times):
        while times[start] <= time - seconds:
            start += 1
        most = max(most, end - start + 1)
    return most


def test_a_thousand_posts_take_as_long_as_discord_asks_and_hardly_longer() -> None:
    pacer = Pacer[int](DISCORD)
    for number in range(1000):
        pacer.put(number, f"channel-{number}", None)

    left = drain(pacer, late=0.001)

    assert [item for _, item in left] == list(range(1000))
    assert left[-1][0] <= 1.10 * 19
    assert most_within([time for time, _ in left], 1.0) <= 50


def test_a_slack_workspace_takes_so_many_a_minute_and_one_a_second_in_a_channel() -> None:
    pacer = Pacer[int](slack(300))
    for number in range(900):
        pacer.put(number, f"channel-{number % 50}", None)

    left = drain(pacer, late=0.001)

    assert len(left) == 900
    assert left[-1][0] <= 1.05 * 180
    assert most_within([time for time, _ in left], 60.0) <= 300
    channels = defaultdict(list)
    for time, item in left:
        channels[item % 50].append(time)
    assert all(b - a >= 1 for times in channels.values() for a, b in pairwise(times))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.none() | st.integers(0, 3), st.floats(0, 3)), max_size=60
    ),
    st.sampled_from([DISCORD, slack(300), Pace(between=0.0), Pace(between=0.5, in_channel=1.0)]),
)
def test_nothing_is_lost_and_what_shares_a_channel_or_card_rests_and_keeps_its_order(
    arriving: list[tuple[int, int | None, float]], pace: Pace
) -> None:
    pacer = Pacer[int](pace)
    left: Left = []
    now = 0.0
    for number, (channel, card, passed) in enumerate(arriving):
        pacer.put(number, f"channel-{channel}", card)
        item, _ = pacer.next(now)
        if item is not None:
            left.append((now, item))
        now += passed
    left += drain(pacer, now)

    assert sorted(item for _, item in left) == list(range(len(arriving)))
    assert len(pacer) == 0
    for key, rest in ((0, pace.in_channel), (1, pace.on_card)):
        lanes = defaultdict(list)
        for time, item in left:
            if arriving[item][1] is not None or key == 0:
                lanes[arriving[item][:2] if key else arriving[item][0]].append((time, item))
        for lane in lanes.values():
            assert all(b[0] - a[0] >= rest - 1e-9 for a, b in pairwise(lane))
            assert key == 0 or [item for _, item in lane] == sorted(item for _, item in lane)


def test_a_card_is_edited_before_posts_that_wait_and_both_get_their_turn() -> None:
    pacer = Pacer[int](DISCORD)
    for number in range(10):
        pacer.put(number, f"channel-{number}", None)
    for number in range(100, 110):
        pacer.put(number, "channel-0", number)

    left = [item for _, item in drain(pacer)]

    assert left[:6] == [100, 0, 101, 1, 102, 2]


def test_after_a_refusal_nothing_leaves_until_allowed_then_slower_and_the_pace_comes_back() -> None:
    pacer = Pacer[int](slack(300))
    usual = pacer.between
    pacer.put(1, "channel", None)
    pacer.refused(10.0, 30.0)

    assert pacer.next(39.9)[0] is None
    assert pacer.next(40.0)[0] == 1
    assert pacer.between > usual
    for _ in range(1000):
        pacer.went_well()
    assert pacer.between == usual


def test_what_has_not_left_can_be_taken_back() -> None:
    pacer = Pacer[int](DISCORD)
    pacer.put(1, "channel", None)
    pacer.put(2, "channel", 7)

    assert sorted(pacer.clear()) == [1, 2]
    assert pacer.next(0.0) == (None, None)


def test_lanes_that_are_done_are_forgotten() -> None:
    pacer = Pacer[int](DISCORD)
    for number in range(1000):
        pacer.put(number, f"channel-{number}", None)
        pacer.next(float(number))
    drain(pacer, 1000.0)
    pacer.put(1, "channel", None)
    pacer.next(2000.0)

    assert len(vars(pacer)["_lanes"]) < 10
