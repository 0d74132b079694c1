"""The bot's words as Discord's payloads: nothing typed pings, formats or breaks a limit."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import render
from bot.chat.replies import (
    Bold,
    Button,
    ChannelMention,
    CommandName,
    Field,
    Form,
    Input,
    Link,
    Mention,
    Moment,
    Reply,
    Text,
)
from tests.fakes.discord import spec
from tests.fakes.discord.pings import pinged
from tests.fakes.discord.rules import message_faults, modal_faults, size

ANA, BEN = "100000000000000001", "100000000000000002"
NASTY = [
    "@everyone",
    "@here",
    f"<@{BEN}>",
    f"<@!{BEN}>",
    "<@&100000000000000003>",
    "<!channel>",
    "<!subteam^S1>",
    "<https://a.example|text>",
    "[text](https://a.example)",
    "https://a.example/x_y_z",
    "**",
    "__",
    "~~",
    "||",
    "`",
    "```",
    "\\",
    "# ",
    "> ",
    "-# ",
    "- ",
    "1. ",
    ":smile:",
    "</case add:1>",
    "<t:1:F>",
    "\u202e",
    "\u200b",
    "\u0000",
    "\ud800",
    "\n",
    "👩‍👩‍👧",
    "é" * 40,
    "x" * 700,
]
typed = st.lists(st.one_of(st.text(max_size=40), st.sampled_from(NASTY)), max_size=12).map("".join)


def body_of(text: str, ids: dict[str, str] | None = None) -> str:
    """A text typed by somebody, as it is shown."""
    return str(render.message(Reply(Text("{x}", x=text)), ids or {})["content"])


def read_by_eye(content: str) -> str:
    """What a person reads: escapes and the brackets around addresses are not shown."""
    hidden = re.compile(r"\\([^0-9A-Za-z\s])|<(https?://[^>]*)>")
    return hidden.sub(lambda match: match[1] or match[2], content)


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (Mention(ANA), f"<@{ANA}>"),
        (Mention("ana"), "@ana"),
        (ChannelMention(ANA), f"<#{ANA}>"),
        (Bold("now"), "**now**"),
        (Bold(" "), ""),
        (Bold("a**b"), "**a\\*\\*b**"),
        (CommandName("case add"), "</case add:77>"),
        (CommandName("turn next"), "`/turn next`"),
        (Link("https://meet.example/a_b"), "<https://meet.example/a_b>"),
        (Link("javascript:1"), "javascript:1"),
        (3, "3"),
        (Text("{a}_b", a=Bold("x")), "**x**\\_b"),
    ],
)
def test_every_kind_of_value_has_its_own_form(span: Any, shown: str) -> None:
    assert render.words(Text("{x}", x=span), {"case": "77"}) == shown


def test_times_are_shown_in_the_readers_zone_and_from_now() -> None:
    at = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
    stamp = int(at.timestamp())
    assert render.words(Text("{x}", x=Moment(at)), {}) == f"<t:{stamp}:F> (<t:{stamp}:R>)"
    assert render.words(Text("{x}", x=Moment(at, "date")), {}) == f"<t:{stamp}:D>"
    assert render.words(Text("{x}", x=Moment(at, "time")), {}) == f"<t:{stamp}:t>"


def test_a_card_reads_from_its_title_to_its_fields() -> None:
    card = Reply(
        Text("Who brings a case?"),
        title=Text("Call for {what}", what=Bold("cases")),
        fields=(Field("When", Text("soon")), Field("Who", Text("ana"))),
    )
    content = render.message(card, {})["content"]
    assert content == "**Call for cases**\nWho brings a case?\n\n**When**\nsoon\n\n**Who**\nana"


def test_what_is_long_goes_into_an_embed_and_still_pings_whom_it_should() -> None:
    card = Reply(
        Text("{x}", x="long " * 700),
        fields=tuple(Field(f"Field {n}", Text("{x}", x="y" * 2000)) for n in range(30)),
        notify=(ANA,),
    )
    body = render.message(card, {})
    assert body["content"] == f"<@{ANA}>"
    assert len(body["embeds"][0]["description"]) > 3000
    assert message_faults(body) == []
    assert pinged(body["content"], body["allowed_mentions"]) == [ANA]


def test_a_private_answer_pings_nobody() -> None:
    body = render.message(Reply(Text("{a}", a=Mention(ANA)), notify=(ANA,)), {}, pings=False)
    assert body["allowed_mentions"] == {"parse": [], "users": []}


def test_a_text_is_not_cut_inside_a_mention_a_time_or_an_escape() -> None:
    for length in range(1960, 2000):
        text = "x" * length + f"<@{ANA}> and <t:1773163800:F>\\*" + "y" * 50
        short = render.cut(text, 2000)
        assert size(short) <= 2000
        assert not re.search(r"<[^>]*…$", short)
        assert not re.search(r"(?<!\\)\\…$", short)


def test_people_are_shown_what_was_typed() -> None:
    for words in (
        "a_b *c* ~d~ |e| `f`",
        "# no heading",
        "> no quote\n- no list",
        "18:30 :smile:",
        "1. first",
        "[a](b)",
        "see https://a.example/x_y_z now",
        "<@1> @everyone",
        "\\o/",
    ):
        assert read_by_eye(body_of(words)) == words


def test_letters_that_hide_or_turn_are_left_out_and_joined_ones_stay() -> None:
    assert body_of("a\u202eb\u200bc\u0000d\ud800e\ufefff") == "abcdef"
    assert body_of("👩‍👩‍👧 می‌خواهم") == "👩‍👩‍👧 می‌خواهم"


@settings(deadline=None)
@given(typed, typed, typed, st.booleans())
def test_nothing_typed_pings_or_breaks_a_limit(a: str, b: str, c: str, named: bool) -> None:
    reply = Reply(
        Text("{who} brings {a}, {b}", who=Mention(ANA), a=a, b=Bold(b)),
        title=Text("About {c}", c=c),
        fields=(Field("One", Text("{a}", a=a)), Field("Two", Text("{c}", c=c))),
        buttons=tuple(Button(a or "x", f"case.open:{n}") for n in range(30)),
        notify=(ANA,) if named else (),
    )
    body = render.message(reply, {"case": "5"})

    assert message_faults(body) == []
    assert pinged(body["content"], body["allowed_mentions"]) == ([ANA] if named else [])
    shown = body["content"] + str(body["embeds"])
    assert not re.search(r"(?<!\\)<@[!&]?(?!100000000000000001)\d", shown)
    assert spec.complaints("POST", f"/channels/{ANA}/messages", body) == []


@settings(deadline=None)
@given(typed)
def test_nothing_typed_is_formatted(words: str) -> None:
    content = render.words(Text("{x}", x=words), {})
    bare = re.sub(r"<https?://[^>]*>", "", content)
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~|`\[<]", bare)
    assert not re.search(r"^\s*(?:[-+#>]|\d+[.)])", bare, re.M)


@settings(deadline=None)
@given(typed)
def test_what_was_typed_can_be_read_again(words: str) -> None:
    assert read_by_eye(render.words(Text("{x}", x=words), {})) == render.clean(words)


@settings(deadline=None, max_examples=40)
@given(typed, typed, st.integers(1, 5000), st.sampled_from(["line", "paragraph"]))
def test_a_form_keeps_every_limit(words: str, title: str, most: int, kind: Any) -> None:
    form = Form(
        title or "A form",
        "form:1:case add",
        (
            Input("title", "Title", kind, words, hint=title, most=most, required=True),
            Input("urgency", "Urgency", "choice", words, choices=("routine", "soon")),
            Input("who", "Who", "person", f"@{ANA}"),
            Input("other", "Other", "person", words),
        ),
        Text("{x}", x=words) if words.strip() else None,
    )
    body = render.modal(form, {})
    assert modal_faults(body) == []
    callback = {"type": 9, "data": body}
    assert spec.complaints("POST", "/interactions/1/token/callback", callback) == []


def test_a_form_shows_what_was_chosen_before() -> None:
    inputs = (
        Input("urgency", "Urgency", "choice", "Soon", choices=("routine", "soon")),
        Input("who", "Who", "person", f"@{ANA}"),
        Input("title", "Title", value="a\nb"),
    )
    labels = render.modal(Form("A form", "x:0", inputs), {})["components"]
    assert [o["default"] for o in labels[0]["component"]["options"]] == [False, True]
    assert labels[1]["component"]["default_values"] == [{"id": ANA, "type": "user"}]
    assert labels[2]["component"]["value"] == "a b"


@pytest.mark.skipif(not spec.available(), reason="Discord's published API file is not at hand")
def test_bodies_are_checked_against_the_published_api() -> None:
    assert spec.complaints("POST", f"/channels/{ANA}/messages", {"content": 5}) != []
    assert spec.complaints("POST", "/no/such/thing", {}) != []
