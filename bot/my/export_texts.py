"""Every sentence of `/my export`: what is kept about somebody, in words of every day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.replies import (
    Bold,
    CommandName,
    Field,
    Moment,
    Text,
    counted,
    lines,
    listed,
    sentences,
)
from bot.keeping.about import Rows

Row = Mapping[str, Any]

TITLE = Text("What I keep about you")
EVERY_VALUE = Text(
    "Only you see this. The buttons show every single value, to copy. {forget} erases it all.",
    forget=CommandName("my forget"),
)
NOTHING_KEPT = Text("I keep nothing about you here.")
NO_SUCH_PAGE = Text("There is no such page any more: ask again.")

MOST_CASES = 5
"""So many cases are named, the newest first."""

STATES = {
    "unconfirmed": "you have not confirmed it",
    "waiting": "waiting",
    "writing": "being worked through in writing",
    "done": "presented",
    "withdrawn": "taken back",
    "dropped": "taken back",
}
"""What has become of a case."""

BESIDES = {
    "contributions": "contribution to a case in writing",
    "intentions": "intention until next time",
    "take_aways": "take-away",
    "recusals": "case that you sit out (nobody else sees that)",
    "rsvps": "answer to a meeting, or word that you were there",
    "meetings": "meeting in which you had a role",
    "agenda_items": "case of yours on an agenda",
    "written_cases": "case that was worked through in writing",
    "swaps": "exchange of places",
    "live_meetings": "step of the meeting that runs",
    "changes": "change of yours in a group",
    "proposals": "proposal by or about you",
}
"""What one row of a table is; of several, the first word is in the plural."""


def page_title(written: str, number: int, pages: int) -> Text:
    """Above a page of all the values."""
    return Text(
        "All that I keep about you, as {written}: page {number} of {pages}",
        written=Text(written.upper()),
        number=number,
        pages=pages,
    )


def in_short(about: Rows) -> tuple[Field, ...]:
    """Everything that is kept about somebody, summed up."""
    (person,) = about["people"]
    parts = {
        "You": _person(person),
        "Your groups": lines(*map(_group, about["members"])),
        "Your cases": _cases(about.get("cases", ())),
        "Besides": _besides(about),
        "Private messages": _messages(about["posts"]),
    }
    return tuple(Field(name, text) for name, text in parts.items() if text.template)


def _person(person: Row) -> Text:
    ref, zone = person["ref"], person.get("zone") or person.get("platform_zone")
    quiet = {name: str(person.get(name, ""))[:5] for name in ("quiet_from", "quiet_to")}
    return sentences(
        Text("I know you by this platform's number for you, {ref}, not by name.", ref=ref),
        Text("Your time zone: {zone}.", zone=zone) if zone else None,
        Text("No private messages from {quiet_from} to {quiet_to}.", **quiet)
        if all(quiet.values())
        else None,
        Text("Private reminders are on." if person["private"] else "Private reminders are off."),
        Text("I have known you since {day}.", day=_day(person["since"]))
        if "since" in person
        else None,
    )


def _group(member: Row) -> Text:
    heard, back = member.get("presented_at"), member.get("away_until")
    seen = counted(member["attended"], "meeting") if member["attended"] else None
    return sentences(
        Text("{name}:", name=Bold(member["group"])),
        Text(_STANDING[member["state"]], day=_day(member["joined_at"])),
        Text("You were at {meetings}.", meetings=seen) if seen else None,
        Text("You presented last on {day}.", day=_day(heard)) if heard else None,
        Text("You are away, and back on {day}.", day=str(back)) if back else None,
    )


_STANDING = {
    "active": "member since {day}.",
    "waiting": "on the waiting list since {day}.",
    "left": "you have left; you came on {day}.",
}


def _cases(cases: Sequence[Row]) -> Text:
    newest = [*reversed(cases)]
    more = len(newest) - MOST_CASES
    return lines(
        *map(_case, newest[:MOST_CASES]),
        Text("And {n} more.", n=more) if more > 0 else None,
    )


def _case(case: Row) -> Text:
    state = Text(STATES[case["state"]])
    title, code = case.get("title"), case["code"]
    if title:
        return Text("“{title}” ({code}): {state}.", title=title, code=code, state=state)
    return Text("{code}: {state}; its title and question are gone.", code=code, state=state)


def _besides(about: Rows) -> Text:
    return lines(*(_many(len(about[name]), BESIDES[name]) for name in BESIDES if about.get(name)))


def _many(number: int, what: str) -> Text:
    first, _, rest = what.partition(" ")
    return sentences(counted(number, first), Text(rest) if rest else None)


def _messages(posts: Iterable[Row]) -> Text:
    rows = list(posts)
    sums = {
        "{n} sent": sum(row["how_many"] for row in rows if row["state"] == "sent"),
        "{n} to come": sum(row["how_many"] for row in rows if row["state"] == "open"),
        "{n} not sent": sum(row["how_many"] for row in rows if row["state"] in ("expired", "dead")),
    }
    said = [Text(words, n=number) for words, number in sums.items() if number]
    if not said:
        return Text("")
    return Text("{sums}; I keep for whom and about what, never the words.", sums=listed(said))


def _day(at: str) -> Moment:
    return Moment(datetime.fromisoformat(at), "date")
