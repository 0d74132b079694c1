"""Dates, times and lengths of time as people type them."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from bot.chat.replies import Text
from bot.errors import UsageError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FARTHEST_YEARS = 10
"""Dates further away than this are taken for slips of the hand."""

LONGEST_LEAD = timedelta(days=60)
"""No prompt comes earlier than this before its meeting."""

_LONGEST = 60
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
_SHORT = {"m": "minute", "min": "minute", "h": "hour", "hr": "hour", "d": "day", "w": "week"}
_AMOUNT = re.compile(r"(?:([0-9]{1,5})|an?|one) ?([a-z]+?)s?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]?([0-9]{2})|h)? ?(?:([ap])\.?m\.?)?")
_SPAN = re.compile(r"(.+?) ?(?:-|\N{EN DASH}|\bto\b|\buntil\b) ?(.+)")
_BREAK = re.compile(r",? at |, ?| |(?<=[0-9])t(?=[0-9])")


def read_date(text: str, today: date, option: str | None = None) -> date:
    """A date: `2026-03-10`, `tuesday` (the next one after today), `tomorrow`, `in 3 weeks`."""
    found = _find_date(_words(text), today)
    if found is None:
        raise _unread(text, "a date such as 2026-03-10, tuesday, tomorrow or in 3 weeks", option)
    return _near(found, today, text, option)


def read_time(text: str, option: str | None = None) -> time:
    """A time of day: `18:30`, `6:30 pm`, `18h`, `1830`."""
    found = _find_time(_words(text))
    if found is None:
        raise _unread(text, "a time such as 18:30 or 6:30 pm", option)
    return found


def read_when(text: str, today: date, option: str | None = None) -> tuple[date, time | None]:
    """A date with or without a time: `tuesday 18:30`, `2026-03-10`, `in 2 weeks at 7 pm`."""
    words = _words(text)
    day = _find_date(words, today)
    if day is not None:
        return _near(day, today, text, option), None
    for between in _BREAK.finditer(words):
        day = _find_date(words[: between.start()], today)
        wall = _find_time(words[between.end() :])
        if day is not None and wall is not None:
            return _near(day, today, text, option), wall
    raise _unread(text, "a date and a time such as 2026-03-10 18:30, or tuesday", option)


def read_weekday(text: str, option: str | None = None) -> int:
    """A day of the week, 0 for Monday: `tuesday`, `Tue`."""
    found = _find_weekday(_words(text))
    if found is None:
        raise _unread(text, "a day of the week such as tuesday", option)
    return found


def is_weekday(text: str) -> bool:
    """Whether no more than a day of the week was typed: `tuesday`, `on Tue`."""
    return _find_weekday(_words(text).removeprefix("on ")) is not None


def read_lead(text: str, option: str | None = None) -> timedelta:
    """How long before: `7 days`, `24 hours`, `90 minutes`, `1 week`."""
    found = _find_length(_words(text))
    if found is None or not timedelta(0) < found <= LONGEST_LEAD:
        wanted = f"a length such as 7 days or 24 hours, at most {LONGEST_LEAD.days} days"
        raise _unread(text, wanted, option)
    return found


def read_quiet(text: str, option: str | None = None) -> tuple[time, time] | None:
    """The hours in which somebody is left in peace: `21:00-08:00`, `21 to 8`; `off` is `None`."""
    words = _words(text)
    if words in ("off", "none", "never"):
        return None
    span = _SPAN.fullmatch(words)
    begin = _find_time(span[1]) if span else None
    end = _find_time(span[2]) if span else None
    if begin is None or end is None or begin == end:
        raise _unread(text, "hours such as 21:00-08:00, or off", option)
    return begin, end


def _unread(text: str, expected: str, option: str | None) -> UsageError:
    shown = " ".join(text.split())
    if not shown:
        return UsageError(Text("I expected {expected}.", expected=expected), option=option)
    if len(shown) > 40:
        shown = shown[:39] + "…"
    problem = Text("I cannot read {typed}. I expected {expected}.", typed=shown, expected=expected)
    return UsageError(problem, option=option)


def _near(found: date, today: date, text: str, option: str | None) -> date:
    """The date, unless it is so far away that it cannot be meant."""
    if abs(found.year - today.year) > FARTHEST_YEARS:
        raise _unread(text, f"a date less than {FARTHEST_YEARS} years away", option)
    return found


def _words(text: str) -> str:
    """What was typed in small letters and single spaces; nothing if it is too long to be meant."""
    words = " ".join(text.lower().split())
    return words if len(words) <= _LONGEST else ""


def _find_date(words: str, today: date) -> date | None:
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    weekday = _find_weekday(words.removeprefix("on "))
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if words.startswith("in "):
        return _later(today, _find_length(words.removeprefix("in ")))
    written = _DAY.fullmatch(words)
    try:
        return date(*map(int, written.groups())) if written else None
    except ValueError:
        return None


def _later(today: date, length: timedelta | None) -> date | None:
    """The date so many whole days from today."""
    if length is None or length % timedelta(days=1):
        return None
    return today + length if length < timedelta(days=366 * (FARTHEST_YEARS + 1)) else date.max


def _find_weekday(words: str) -> int | None:
    """The day of the week of which these are at least the first three letters."""
    stem = words.removesuffix(".") if len(words) < 6 else words.removesuffix("s")
    if len(stem) < 3:
        return None
    return next((n for n, name in enumerate(WEEKDAYS) if name.lower().startswith(stem)), None)


def _find_length(words: str) -> timedelta | None:
    amount = _AMOUNT.fullmatch(words)
    if amount is None:
        return None
    minutes = _MINUTES.get(_SHORT.get(amount[2], amount[2]))
    return timedelta(minutes=minutes * int(amount[1] or 1)) if minutes else None


def _find_time(words: str) -> time | None:
    clock = _CLOCK.fullmatch(words)
    if clock is None:
        return None
    hour, minute = int(clock[1]), int(clock[2] or 0)
    if clock[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock[3] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
