"""A chat on a phone as SVG: no fonts and no scripts from elsewhere, so that it shows anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from adapters.console.stage import Seen
from bot.chat.replies import (
    Bold,
    CommandName,
    Form,
    Mention,
    Moment,
    Reply,
    Span,
    Text,
    plain,
    plain_moment,
)

WIDTH = 440
EDGE, LEFT = 16, 64
"""Where the screen's content begins, and where words beside the bot's round sign do."""
SIZE, LINE, BETWEEN = 14, 20, 2
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
INK, FAINT, TEAL, BLUE = "#1f2328", "#59636e", "#2f5d62", "#0b57d0"

MARKS = {Mention: "\ue001", CommandName: "\ue002", Bold: "\ue003"}
PLAIN = "\ue000"
"""Characters that stand in no font: here they begin a style of writing, and end it."""
STYLES = {
    "\ue001": f'fill="{BLUE}" font-weight="500"',
    "\ue002": f'fill="{TEAL}" font-weight="600"',
    "\ue003": 'font-weight="600"',
}
NARROW, WIDE = "iIljtfr.,:;'|!()[]“” ", "mwMW@"


def width(words: str, size: float = SIZE) -> float:
    """About how wide words are, rather too wide: nobody knows which font there will be."""
    ems = (
        0.0
        if char in STYLES or char == PLAIN
        else 0.34
        if char in NARROW
        else 0.9
        if char in WIDE
        else 0.72
        if char.isupper()
        else 0.6
        for char in words
    )
    return sum(ems) * size


def wrapped(words: str, room: float) -> list[str]:
    """The words in lines that fit."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@dataclass
class Sheet:
    """The screen, drawn from top to bottom."""

    channel: str
    y: float = 64.0

    def __post_init__(self) -> None:
        """Nothing is drawn yet."""
        self._drawn: list[str] = []

    def day(self, words: str) -> None:
        """A line between days."""
        self.y += 18
        half = width(words, 12) / 2 + 12
        middle = WIDTH / 2
        for start, end in ((EDGE, middle - half), (middle + half, WIDTH - EDGE)):
            self._drawn.append(f'<path d="M{start:.0f} {self.y:.0f}H{end:.0f}" stroke="#d1d9e0"/>')
        self._write(words, middle, self.y + 4, f'text-anchor="middle" fill="{FAINT}"', 12)
        self.y += 18

    def typed(self, who: str, words: str) -> None:
        """What somebody types, on their own side."""
        self._write(who, WIDTH - EDGE - 8, self.y + 4, f'text-anchor="end" fill="{FAINT}"', 12)
        self.y += 12
        lines = wrapped(words, WIDTH - 2 * EDGE - 96)
        wide = max(map(width, lines)) + 28
        high = len(lines) * LINE + 16
        x = WIDTH - EDGE - wide
        self._box(x, self.y, wide, high, 'rx="14" fill="#dcebea"')
        for number, line in enumerate(lines, start=1):
            self._write(line, x + 14, self.y + 2 + number * LINE, f'fill="{INK}"')
        self.y += high + 16

    def said(self, seen: Seen, time: str) -> None:
        """What the bot says, with its buttons."""
        top, place = self.y, len(self._drawn)
        self.y += 10 if seen.private else 0
        self._drawn.append(f'<circle cx="38" cy="{self.y + 16:.0f}" r="18" fill="{TEAL}"/>')
        middle = 'text-anchor="middle" fill="#ffffff" font-weight="700"'
        self._write("R", 38, self.y + 21.5, middle, 16)
        self._write(f"{MARKS[Bold]}Rounds{PLAIN}", LEFT, self.y + 11, f'fill="{INK}"', SIZE)
        self._write(time, WIDTH - EDGE - 8, self.y + 11, f'text-anchor="end" fill="{FAINT}"', 12)
        self.y += 18
        self._body(seen)
        if seen.private:
            self.y += 4
            self._write("Only you can see this", LEFT, self.y + 8, f'fill="{FAINT}"', 12)
            self.y += 20
            box = f'<rect x="8" y="{top:.0f}" width="{WIDTH - 16}" height="{self.y - top:.0f}"'
            self._drawn.insert(place, box + ' rx="12" fill="#f3f1fa"/>')
        self.y += 18

    def _body(self, seen: Seen) -> None:
        assert not isinstance(seen.said, Form)
        reply: Reply = seen.said
        if reply.title is not None:
            self._paragraph(f"{MARKS[Bold]}{plain(reply.title)}{PLAIN}")
        self._paragraphs(reply.text, seen.zone)
        for field in reply.fields:
            self.y += 5
            self._paragraph(f"{MARKS[Bold]}{field.name}{PLAIN}")
            self._paragraphs(field.text, seen.zone)
        if reply.buttons:
            self._buttons([(button.label, button.style) for button in reply.buttons])

    def _paragraphs(self, text: Text, zone: str) -> None:
        for words in text.render(lambda span: _marked(span, zone)).split("\n"):
            self._paragraph(words)
            self.y += BETWEEN

    def _paragraph(self, words: str) -> None:
        style = ""
        for line in wrapped(words, WIDTH - LEFT - EDGE - 8):
            self.y += LINE
            self._write(style + line, LEFT, self.y - 5, f'fill="{INK}"')
            style = next((c for c in reversed(line) if c in STYLES or c == PLAIN), style)

    def _buttons(self, buttons: list[tuple[str, str]]) -> None:
        self.y += 6
        x = float(LEFT)
        for label, style in buttons:
            wide = width(label, 13) + 24
            if x + wide > WIDTH - EDGE:
                x, self.y = float(LEFT), self.y + 38
            main = style == "primary"
            look = f'fill="{TEAL}"' if main else 'fill="#ffffff" stroke="#b6c0ca"'
            self._box(x, self.y, wide, 30, f'rx="8" {look}')
            ink = "#ffffff" if main else INK
            words = f'text-anchor="middle" fill="{ink}" font-weight="500"'
            self._write(label, x + wide / 2, self.y + 19.5, words, 13)
            x += wide + 8
        self.y += 38

    def _box(self, x: float, y: float, wide: float, high: float, look: str) -> None:
        self._drawn.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" {look}/>'
        )

    def _write(self, words: str, x: float, y: float, look: str, size: float = SIZE) -> None:
        self._drawn.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" {look}>{_styled(words)}</text>'
        )

    def svg(self, title: str) -> str:
        """The finished picture."""
        high = round(self.y + 8)
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high}" '
            f'width="{WIDTH}" height="{high}" role="img" font-family="{FONTS}">',
            f"<title>{escape(title)}</title>",
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{high - 1}" rx="26" '
            'fill="#ffffff" stroke="#c3ccd5"/>',
            f'<path d="M1 52H{WIDTH - 1}" stroke="#e3e8ed"/>',
            f'<text x="{EDGE + 6}" y="33" font-size="16" font-weight="700" fill="{INK}">'
            f"{escape(self.channel)}</text>",
            *self._drawn,
            "</svg>",
        ]
        return "\n".join(lines) + "\n"


def _marked(span: Span, zone: str) -> str:
    """A value as chats show it, between marks of its style; times in the reader's zone, unnamed."""
    if isinstance(span, Moment):
        return plain_moment(span, zone).removesuffix(f" ({zone})")
    words = plain(Text("{span}", span=span), zone)
    mark = MARKS.get(type(span))
    return words if mark is None else f"{mark}{words}{PLAIN}"


def _styled(words: str) -> str:
    """Words with their marks as SVG; a style that is still open ends with the line."""
    written, is_open = "", False
    for char in words:
        if char in STYLES or char == PLAIN:
            written += "</tspan>" if is_open else ""
            is_open = char in STYLES
            written += f"<tspan {STYLES[char]}>" if is_open else ""
        else:
            written += escape(char)
    return written + ("</tspan>" if is_open else "")
