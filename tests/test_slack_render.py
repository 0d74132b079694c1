"""What Slack shows: everything the bot says, nothing a person could smuggle in."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import render
from adapters.slack.words import TURNING, Wording
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
    Span,
    Text,
)
from tests.fakes.slack import Message
from tests.fakes.slack.checks import message_problems, view_problems

AT = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
NASTY = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "<!everyone> <!here> <!channel> <!subteam^S1|x>",
            "<@U0BEN> @everyone @here",
            "<https://x.org|your bank> https://x.org",
            "*bold* _it_ ~gone~ `code` ```block```",
            "a &lt;!here&gt; &amp; b",
            "\u202eevil\u202c \u200f\x00\x07 \ud83d",
            "x" * 10_000,
            "<" * 3000,
            "😀" * 2000,
        ]
    ),
)


def shown_as(reply: Reply, wording: Wording | None = None) -> Message:
    """The message as the fake reads it."""
    body = render.message(reply, wording or Wording())
    assert message_problems(body) == []
    json.dumps(body).encode()
    return Message("1", "C1", body["text"], body["blocks"])


def test_every_span_is_written_slacks_way() -> None:
    words = Text(
        "{who} presents {title} at {time} in {where}; {see} or {link}, {n} times",
        who=Mention("U0ANA"),
        title=Bold("Panic"),
        time=Moment(AT),
        where=ChannelMention("C0TABLE"),
        see=CommandName("case add"),
        link=Link("https://x.org/a"),
        n=3,
    )
    message = shown_as(Reply(words), Wording(prefix="peer-"))
    assert message.shown == (
        "<@U0ANA> presents *Panic* at "
        "<!date^1773163800^{date_long_pretty} at {time}|2026-03-10 17:30 UTC> in <#C0TABLE>; "
        "`/peer-case add` or <https://x.org/a>, 3 times"
    )
    assert "<!date^1773163800^{date_long_pretty} at {time}|2026-03-10 17:30 UTC>" in message.text


@pytest.mark.parametrize(
    ("style", "written"),
    [("date", "{date_long_pretty}|2026-03-10"), ("time", "{time}|17:30 UTC")],
)
def test_a_date_and_a_time_can_stand_alone(style: Any, written: str) -> None:
    message = shown_as(Reply(Text("{at}", at=Moment(AT, style))))
    assert message.shown == f"<!date^1773163800^{written}>"


def test_all_of_a_reply_is_shown() -> None:
    reply = Reply(
        Text("Body"),
        Text("Title"),
        (Field("First", Text("one")), Field("Second", Text("two"))),
        (Button("Yes", "a:1", "primary"), Button("No", "a:2", "danger"), Button("Maybe", "a:3")),
    )
    message = shown_as(reply)
    assert message.shown == "Title\nBody\n*First*\none\n*Second*\ntwo"
    assert message.labels == ["Yes", "No", "Maybe"]
    styles = [b.get("style") for b in message.blocks[-1]["elements"]]
    assert styles == ["primary", "danger", None]


def test_a_title_with_a_person_in_it_still_shows_them() -> None:
    message = shown_as(Reply(Text("Body"), Text("{who} presents", who=Mention("U0ANA"))))
    assert message.shown.startswith("<@U0ANA>* presents*")


def test_a_post_pings_only_those_it_names() -> None:
    words = Text("{a} and {b}", a=Mention("U0ANA"), b=Mention("U0BEN"))
    wording = Wording(pinged={"U0ANA", "U0CAT"}, names={"U0BEN": "ben <!here>"})
    message = shown_as(Reply(words, notify=("U0ANA", "U0CAT")), wording)
    assert message.pings == {"U0ANA", "U0CAT"}
    assert message.shown.startswith("<@U0ANA> and @ben <!here>")
    assert message.shouts == set()


def test_two_buttons_that_do_the_same_have_ids_of_their_own() -> None:
    shown_as(Reply(Text("x"), buttons=(Button("A", "a:1"), Button("B", "a:1"))))


def test_what_is_no_id_is_written_as_words() -> None:
    words = Text("{a} {b}", a=Mention("ana"), b=ChannelMention("the table"))
    assert shown_as(Reply(words)).shown == "@ana #the table"


@settings(max_examples=40, deadline=None)
@given(words=NASTY, title=NASTY, label=NASTY, more=st.integers(0, 16))
def test_what_people_type_never_pings_links_or_breaks_a_message(
    words: str, title: str, label: str, more: int
) -> None:
    spans: dict[str, Span] = {"a": words, "b": Bold(words), "c": Text("{x}", x=words)}
    reply = Reply(
        Text("{a} {b} {c}", **spans),
        Text("{t}", t=title),
        tuple(Field(label, Text("{w}", w=words)) for _ in range(more)),
        tuple(Button(label, f"a:{n}") for n in range(more * 5)),
    )
    for wording in (Wording(), Wording(pinged=(), names={"U1": words})):
        message = shown_as(reply, wording)
        assert (message.pings, message.shouts, message.links) == (set(), set(), set())
        assert not set(message.shown) & TURNING
    for view in (render.modal(reply, Wording()), render.home(reply, Wording())):
        assert view_problems(view) == []


@given(words=st.text(alphabet="ab*_ <>&@#:", max_size=60))
def test_what_people_type_is_shown_letter_by_letter(words: str) -> None:
    (block,) = render.message(Reply(Text("[{w}]", w=words)), Wording())["blocks"]
    elements = block["elements"][0]["elements"]
    assert "".join(element["text"] for element in elements) == f"[{words}]"
    assert not any("style" in element for element in elements)


@settings(max_examples=40, deadline=None)
@given(value=NASTY, hint=NASTY, title=st.text(max_size=100), required=st.booleans())
def test_a_form_is_always_one_slack_takes(
    value: str, hint: str, title: str, required: bool
) -> None:
    inputs = (
        Input("title", "Title", "line", value, hint, required, 150),
        Input("question", "Question", "paragraph", value, hint, required, 500),
        Input("urgency", "Urgency", "choice", value, choices=("routine", "soon")),
        Input("who", "Who", "person", value),
    )
    view = render.form(Form(title, "form:0:case add", inputs, Text("{v}", v=value)), Wording())
    assert view_problems(view) == []


def test_a_form_is_filled_with_what_was_given() -> None:
    inputs = (
        Input("title", "Title", value="Panic", required=True, most=3),
        Input("urgency", "Urgency", "choice", "Soon", choices=("routine", "soon")),
        Input("who", "Who", "person", "@U0BEN"),
    )
    view = render.form(Form("Put a case into the queue", "x", inputs), Wording())
    assert view["title"]["text"] == "Put a case into the que…"
    title, urgency, who = (block["element"] for block in view["blocks"][1:])
    assert (title["initial_value"], title["max_length"]) == ("Panic", 5)
    assert urgency["initial_option"]["value"] == "soon"
    assert who["initial_user"] == "U0BEN"


def test_a_notification_keeps_a_link_whole_and_formats_nothing() -> None:
    words = Text("{a} at {b}", a="*a* <b> & _c_", b=Link("https://x.org/a_b?c=1&d"))
    text = render.message(Reply(words), Wording())["text"]
    assert text.endswith(" at <https://x.org/a_b?c=1&amp;d>")
    assert text.replace("\u2060", "").startswith("*a* &lt;b&gt; &amp; _c_ at")
    assert "\u2060*\u2060a" in text


def test_a_long_notification_is_cut_between_its_tags() -> None:
    words = Text("{a}" * 300, a=Moment(AT))
    assert message_problems(body := render.message(Reply(words), Wording())) == []
    assert len(body["text"]) <= 3000
    assert body["text"].endswith(">…")
