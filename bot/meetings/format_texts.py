"""Every sentence about choosing a format."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.replies import Bold, CommandName, Span, Text, lines, sentences
from bot.formats.model import Format
from bot.queue.texts import named
from bot.store.tables import Case


def panel(now: Format, case: Case | None, why: Text, shown: Iterable[Format]) -> Text:
    """The format in force, a suggestion with its reason, and some formats in a sentence each."""
    return lines(
        Text("{format} is how you work now.", format=Bold(now.name))
        if case is None
        else Text("{case} goes by {format}.", case=named(case), format=Bold(now.name)),
        Text("I suggest {why}", why=why),
        *(Text("{name}: {summary}", name=Bold(f.name), summary=f.summary) for f in shown),
        Text("Press one to choose it. I tell the group, with Undo.")
        if case is None
        else Text("Press one to choose it for this case."),
        IN_WRITING if case is None else None,
    )


IN_WRITING = Text(
    "You cannot meet? {write} works through a case in writing.", write=CommandName("case write")
)


def no_such_format(typed: str) -> Text:
    """Nobody knows which format is meant."""
    return Text(
        "I know no format called {typed}. {show} shows them all.",
        typed=typed,
        show=CommandName("meeting format"),
    )


def takes_days(found: Format) -> Text:
    """That one is for cases in writing."""
    return Text(
        "{format} takes days, not minutes: it is for when you cannot meet. {write} begins one.",
        format=Bold(found.name),
        write=CommandName("case write"),
    )


def in_force_already(found: Format) -> Text:
    """Nothing to change."""
    return Text("{format} it is already; nothing was changed.", format=Bold(found.name))


def chosen(found: Format) -> Text:
    """The group has another format."""
    return Text(
        "From the next case on you work by {format}. I told the group in its channel, and anybody "
        "can press Undo there.",
        format=Bold(found.name),
    )


def told(by: Span, new: Format, old: Format) -> Text:
    """What the group reads about it."""
    return lines(
        Text(
            "{by} chose {new} for the cases to come, instead of {old}.",
            by=by,
            new=Bold(new.name),
            old=Bold(old.name),
        ),
        Text("{summary}", summary=new.summary),
    )


def chosen_for(found: Format, case: Case, *, told: bool) -> Text:
    """One case has a format of its own."""
    return sentences(
        Text("{case} will go by {format}.", case=named(case), format=Bold(found.name)),
        Text("I tell whoever presents it.") if told else None,
    )


def told_presenter(by: Span, found: Format, case: Case) -> Text:
    """What the presenter reads when somebody else chose."""
    return lines(
        Text(
            "{by} chose {format} for your case {case}.", by=by, format=found.name, case=named(case)
        ),
        sentences(
            Text("{summary}", summary=found.summary), Text("If you would rather not, press Undo.")
        ),
    )


def as_before(now: Format, case: Case) -> Text:
    """The choice was undone, or is past."""
    return Text("{case} goes by {format}.", case=named(case), format=Bold(now.name))


NOT_THERE = Text("I no longer have that, so it cannot be undone.")
CHANGED_SINCE = Text(
    "That was undone or changed since. {show} with the case's code shows how it goes now.",
    show=CommandName("meeting format"),
)
