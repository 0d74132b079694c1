"""The page about formats, written from the bundled formats and from what a file may hold."""

from __future__ import annotations

from pathlib import Path

from bot.formats.page import formats_page
from bot.formats.reading import bundled_formats

FILE = Path(__file__).parent / "formats.md"


def page() -> str:
    """What the page says today."""
    return formats_page(bundled_formats())
