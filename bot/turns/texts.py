"""Every sentence of a speaking round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat.replies import Button, CommandName, Mention, Reply, Text, lines, listed, sentences
from bot.floor import RoundState

MakeButton = Callable[..., Button]
"""How a button that carries its group is made: `Context.button` or `Composing.button`."""

Refs = Mapping[int, str]
"""The platform's reference of each member in a round."""

NO_ROUND = Text(
    "No speaking round is running. {start} begins one.", start=CommandName("turn start")
)
OVER = Text("This round is over. {start} begins a new one.", start=CommandName("turn start"))
NOTHING_BEFORE = Text("This is where the round began: there is no step to take back.")
NEWER = Text(
    "That card is from an earlier round; a newer one has begun since. {list} shows it.",
    list=CommandName("turn list"),
)
PAUSED = Text("The group is paused. {resume} wakes it up.", resume=CommandName("group resume"))
HOW = Text("Anybody presses Next when the speaker is done, or Pass for not now.")


def card(
    round_id: int, state: RoundState, refs: Refs, button: MakeButton, before: Text | None = None
) -> Reply:
    """The round as it stands, with what can be done about it."""
    if state.finished:
        buttons = _buttons(round_id, state, button, ("Back",) if state.before else ())
        return Reply(lines(before, _end(state)), Text("Speaking round"), buttons=buttons)
    floor = state.floor
    words = lines(
        before,
        _holder(state, refs),
        _people("After that: {people}.", floor.waiting, refs),
        _people("Asked once more at the end: {people}.", floor.passed, refs),
        _people("Had their turn: {people}.", floor.done, refs),
        HOW,
    )
    steps = ("Next", "Pass", "Join", "Back", "End round")
    shown = tuple(label for label in steps if label != "Back" or state.before)
    return Reply(words, Text("Speaking round"), buttons=_buttons(round_id, state, button, shown))


ACTIONS = {
    "Next": "turn.next",
    "Pass": "turn.pass",
    "Join": "turn.join",
    "Back": "turn.back",
    "End round": "turn.end",
}


def _buttons(
    round_id: int, state: RoundState, button: MakeButton, labels: Sequence[str]
) -> tuple[Button, ...]:
    return tuple(
        button(
            label,
            ACTIONS[label],
            round_id,
            state.version,
            style="primary" if label == "Next" else "secondary",
        )
        for label in labels
    )


def _holder(state: RoundState, refs: Refs) -> Text | None:
    holder = state.floor.holder
    if holder is None:
        return None
    if state.floor.second:
        return Text("{who} has the floor, asked once more.", who=Mention(refs[holder]))
    return Text("{who} has the floor.", who=Mention(refs[holder]))


def _people(template: str, members: Sequence[int], refs: Refs) -> Text | None:
    known = [Mention(refs[member]) for member in members if member in refs]
    return Text(template, people=listed(known)) if known else None


def _end(state: RoundState) -> Text:
    if state.floor.ended:
        return Text("The round was closed here. Thank you, everybody.")
    return Text("The round is over: everybody was asked. Thank you.")


def _now(state: RoundState, refs: Refs) -> Text:
    holder = None if state.finished else _holder(state, refs)
    return holder or Text("The round is over.")


def started(people: int) -> Reply:
    """The answer to whoever began the round: how it goes on."""
    alone = Text("You are the only one in it so far; others press Join.") if people < 2 else None
    return Reply(
        sentences(
            Text("The round begins; its card is in the channel."),
            alone,
            HOW,
            Text("{end} closes it early.", end=CommandName("turn end")),
        )
    )


def stepped(state: RoundState, refs: Refs) -> Reply:
    """The answer to a typed step: what holds now, and how to undo it."""
    undo = Text("{back} undoes the last step.", back=CommandName("turn back"))
    return Reply(sentences(_now(state, refs), undo if state.before else None))


def faster(state: RoundState, refs: Refs, by: int | None, presser: int) -> Text:
    """Somebody else's press was first: who it was, and what holds now."""
    if by == presser:
        said = Text("You did that already.")
    elif by is not None and by in refs:
        said = Text("{who} was faster.", who=Mention(refs[by]))
    else:
        said = Text("The card has just moved on.")
    return sentences(said, _now(state, refs))


OUTDATED = Text("That card is out of date; this is the round now.")
RUNNING = Text("A round is running already; this is its card.")


JOINED = Text("You are in: you are asked after all who wait.")


def there_already(state: RoundState, member: int) -> Reply:
    """They pressed Join twice, or were in the round from its beginning."""
    if state.floor.holder == member:
        return Reply(Text("You are in the round already: you have the floor."))
    if member in (*state.floor.done, *state.floor.silent):
        return Reply(Text("You are in the round already, and have had your turn."))
    return Reply(Text("You are in the round already; your turn comes."))
