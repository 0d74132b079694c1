"""`make revision MESSAGE="…"`: write the step from the last one to what the tables say now."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import Script
from sqlalchemy import Connection

from bot.ops.migrate import alembic_config, migrate, migrating_engine
from bot.ops.schema import MIGRATIONS


async def write_step(folder: Path, message: str) -> None:
    """Bring an empty database to the last step, and write down what it lacks."""
    url = f"sqlite+aiosqlite:///{folder / 'empty.db'}"
    steps = len(list((MIGRATIONS / "versions").glob("[0-9]*.py")))
    if steps:
        await migrate(url)

    def write(connection: Connection) -> None:
        config = alembic_config(connection)
        step = command.revision(config, message, autogenerate=True, rev_id=f"{steps + 1:04}")
        assert isinstance(step, Script)
        file = Path(step.path)
        # What Alembic remarks in between speaks to whoever runs it, not to whoever reads it.
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(x for x in lines if "# ###" not in x), encoding="utf-8")

    engine = migrating_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(write)
    await engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('what changes? make revision MESSAGE="Remember where a card is"')
    with TemporaryDirectory() as name:
        asyncio.run(write_step(Path(name), sys.argv[1]))
