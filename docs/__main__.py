"""`make docs`: bring the README and its picture, and the page on formats, up to date."""

from __future__ import annotations

import asyncio

from docs import commands, formats, picture


def main() -> None:
    """Write them again from what the bot is today."""
    readme = commands.README.read_text("utf-8")
    commands.README.write_text(commands.with_table(readme), "utf-8")
    formats.FILE.write_text(formats.page(), "utf-8")
    picture.FILE.write_text(asyncio.run(picture.drawn()), "utf-8")


if __name__ == "__main__":
    main()
