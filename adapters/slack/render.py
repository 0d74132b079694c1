"""What Slack is given to show: pure functions from the bot's words to Block Kit.

Words stand in `rich_text` blocks, where nothing is read as markup: what a person typed can
neither ping, link nor format, and is shown letter by letter. Only the top-level text, which
notifications and screen readers use, is mrkdwn and therefore escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from adapters.slack.words import PERSON, Wording, clean, escape, mentions_in, shortened, styled
from bot.chat.replies import Button, Form, Input, Mention, Reply, Span, Text

Json = dict[str, Any]

SECTION, FIELD, TOP_TEXT, HEADER = 3000, 1024, 3000, 150
BUTTON, TITLE, HINT = 75, 24, 2000
MOST_FIELDS, MOST_BUTTONS, IN_A_ROW, MOST_CALLED = 15, 100, 5, 50
LONGEST_INPUT = 3000


def message(reply: Reply, wording: Wording) -> Json:
    """A reply as a message: its blocks and the words of its notification."""
    return {"text": _top_text(reply, wording), "blocks": list(_blocks(reply, wording))}


def modal(reply: Reply, wording: Wording, metadata: str = "") -> Json:
    """A reply as a window of its own."""
    return {
        "type": "modal",
        "callback_id": "reply",
        "private_metadata": metadata,
        "title": _plain("Rounds", TITLE),
        "close": _plain("Close", TITLE),
        "blocks": list(_blocks(reply, wording)),
    }


def home(reply: Reply, wording: Wording) -> Json:
    """A reply as the bot's Home tab."""
    return {"type": "home", "blocks": list(_blocks(reply, wording))}


def form(asked: Form, wording: Wording, metadata: str = "") -> Json:
    """A form as a modal, filled with what was given."""
    blocks = []
    if len(asked.title) > TITLE:
        blocks.append(_rich([styled(clean(asked.title), "bold")], SECTION))
    if asked.intro is not None:
        blocks.append(_rich(_elements(asked.intro, wording), SECTION))
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": metadata,
        "title": _plain(asked.title, TITLE),
        "submit": _plain("Send", TITLE),
        "close": _plain("Cancel", TITLE),
        "blocks": blocks + [_input(given) for given in asked.inputs],
    }


def _blocks(reply: Reply, wording: Wording) -> Iterator[Json]:
    if reply.title is not None:
        yield _title(reply.title, wording)
    yield _rich(_elements(reply.text, wording), SECTION)
    for shown in reply.fields[:MOST_FIELDS]:
        heading = [styled(clean(shown.name), "bold"), styled("\n")]
        yield _rich([*heading, *_elements(shown.text, wording)], FIELD)
    yield from _calls(reply, wording)
    for start in range(0, min(len(reply.buttons), MOST_BUTTONS), IN_A_ROW):
        row = reply.buttons[start : start + IN_A_ROW]
        yield {"type": "actions", "elements": list(_buttons(row))}


def _calls(reply: Reply, wording: Wording) -> Iterator[Json]:
    """Those who are to be pinged and are not mentioned in the words themselves."""
    if wording.pinged is None:
        return
    named = {span.ref for text in texts_of(reply) for span in mentions_in(text)}
    refs = [
        ref for ref in dict.fromkeys(reply.notify) if ref not in named and wording.mentions(ref)
    ]
    if refs:
        elements = [wording.element(Mention(ref)) for ref in refs[:MOST_CALLED]]
        spaces = [styled(" ")] * len(elements)
        yield _rich([part for pair in zip(elements, spaces, strict=True) for part in pair], SECTION)


def texts_of(reply: Reply) -> list[Text]:
    """All the words of a reply."""
    texts = [reply.text, *(shown.text for shown in reply.fields)]
    return texts if reply.title is None else [reply.title, *texts]


def _title(title: Text, wording: Wording) -> Json:
    elements = _elements(title, wording)
    if all(element["type"] == "text" for element in elements):
        # A header holds plain words only.
        words = "".join(element["text"] for element in elements)
        return {"type": "header", "text": _plain(words, HEADER)}
    return _rich([element | {"style": {"bold": True}} for element in elements], HEADER)


def _top_text(reply: Reply, wording: Wording) -> str:
    parts = [reply.title, reply.text]
    written = [part.render(wording.markup, escape) for part in parts if part is not None]
    words = "\n".join(written)
    if len(words) <= TOP_TEXT:
        return words.strip() or "…"
    # Half a tag or half an entity at the cut would show as garbage.
    return re.sub(r"(<[^>]*|&[a-z]{0,4})$", "", words[: TOP_TEXT - 1]) + "…"


def _elements(text: Text, wording: Wording) -> list[Json]:
    found: list[Json] = []

    def show(span: Span) -> str:
        found.append(wording.element(span))
        return ""

    def ours(words: str) -> str:
        found.append(styled(words))
        return ""

    text.render(show, ours)
    return found


def _rich(elements: list[Json], most: int) -> Json:
    """One paragraph; what is beyond `most` characters is left out."""
    kept: list[Json] = []
    room = most
    for element in elements:
        words = str(element.get("text", element.get("fallback", "x" * 12)))
        if not words or room <= 0:
            continue
        if element["type"] == "text" and len(words) > room:
            element = element | {"text": shortened(words, room)}
        kept.append(element)
        room -= len(words)
    section = {"type": "rich_text_section", "elements": kept or [styled("…")]}
    return {"type": "rich_text", "elements": [section]}


def _plain(words: str, most: int) -> Json:
    shown = " ".join(clean(words).split())
    return {"type": "plain_text", "text": shortened(shown, most) or "…", "emoji": False}


def _buttons(row: tuple[Button, ...]) -> Iterator[Json]:
    for number, button in enumerate(row):
        made = {
            "type": "button",
            "text": _plain(button.label, BUTTON),
            # Two buttons of a row may do the same, but not under one id.
            "action_id": f"{number}:{button.action}",
            "value": button.action,
        }
        yield made if button.style == "secondary" else made | {"style": button.style}


def _input(given: Input) -> Json:
    made: Json = {
        "type": "input",
        "block_id": given.name,
        "label": _plain(given.label, HINT),
        "optional": not given.required,
        "element": _element(given) | {"action_id": given.name},
    }
    return made | ({"hint": _plain(given.hint, HINT)} if given.hint else {})


def _element(given: Input) -> Json:
    if given.kind == "person":
        ref = given.value.lstrip("@")
        start = {"initial_user": ref} if PERSON.fullmatch(ref) else {}
        return {"type": "users_select"} | start
    if given.kind == "choice" and given.choices:
        options = [
            {"text": _plain(choice, BUTTON), "value": shortened(choice, 150)}
            for choice in given.choices[:100]
        ]
        chosen = [option for option in options if option["value"] == given.value.lower()]
        first = {"initial_option": chosen[0]} if chosen else {}
        return {"type": "static_select", "options": options} | first
    value = shortened(clean(given.value), LONGEST_INPUT)
    made: Json = {
        "type": "plain_text_input",
        "multiline": given.kind == "paragraph",
        # What was given stays readable even if too long: the bot itself will say so.
        "max_length": min(LONGEST_INPUT, max(given.most, len(value))),
    }
    return made | ({"initial_value": value} if value else {})
