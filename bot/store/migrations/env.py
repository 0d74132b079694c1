"""Run by Alembic for each command, on the connection that `bot.ops.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from bot.store.all_tables import Table


def frozen_type(kind: str, item: Any, _autogen: object) -> str | Literal[False]:
    """Write a type of ours as what the database keeps: a step must not change with the program."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # SQLite cannot alter a table: it is made anew and its rows are carried over.
    render_as_batch=True,
    # Also on SQLite: a step that fails half-way leaves nothing behind.
    transactional_ddl=True,
    render_item=frozen_type,
)
with context.begin_transaction():
    context.run_migrations()
