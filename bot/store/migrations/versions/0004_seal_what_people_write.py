"""Seal what people write.

A migration has no keys. What was written is carried over behind a byte that says that it is not
sealed yet, and the next start seals it.
"""

import json
import os

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PLAIN = b"\x00"
CONTENTS = {
    "cases": ("title", "question"),
    "changes": ("before", "after"),
    "groups": ("name", "place"),
}
UNDATED = "key_id IS NOT NULL AND (state != 'waiting') = (fades_at IS NULL)"


def upgrade() -> None:
    """To this schema."""
    for table, names in CONTENTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.add_column(sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True))
            batch_op.add_column(sa.Column("uid", sa.String(), nullable=True))
            batch_op.add_column(sa.Column("key_id", sa.String(), nullable=True))
        _carry_over(table, names)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("uid", existing_type=sa.String(), nullable=False)
            for name in names:
                batch_op.drop_column(name)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fades_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cases_undated",
            ["id"],
            unique=False,
            sqlite_where=sa.text(UNDATED),
            postgresql_where=sa.text(UNDATED),
        )
        batch_op.create_index(
            "ix_cases_fading",
            ["fades_at"],
            unique=False,
            sqlite_where=sa.text("fades_at IS NOT NULL"),
            postgresql_where=sa.text("fades_at IS NOT NULL"),
        )

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keep", sa.Integer(), nullable=False, server_default="30"))

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_id", sa.String(), nullable=True))

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.alter_column("member_id", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.create_index(
            "ix_spaces_gone",
            ["gone_at"],
            unique=False,
            sqlite_where=sa.text("gone_at IS NOT NULL"),
            postgresql_where=sa.text("gone_at IS NOT NULL"),
        )


def _carry_over(name: str, names: tuple[str, ...]) -> None:
    connection = op.get_bind()
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    for row in connection.execute(sa.select(table)).mappings().all():
        values = {f"{one}_sealed": _as_plain(row[one]) for one in names}
        connection.execute(
            sa.update(table)
            .where(table.c.id == row["id"])
            .values(uid=os.urandom(12).hex(), **values)
        )


def _as_plain(written: object) -> bytes | None:
    if not written:
        return None
    return PLAIN + (written if isinstance(written, str) else json.dumps(written)).encode()


def downgrade() -> None:
    """Back to the one before; what is sealed is lost."""
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.drop_index("ix_spaces_gone")

    op.execute("DELETE FROM proposals WHERE member_id IS NULL")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.alter_column("member_id", existing_type=sa.INTEGER(), nullable=False)

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("since")

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("key_id")

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_column("keep")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_fading")
        batch_op.drop_index("ix_cases_undated")
        batch_op.drop_column("fades_at")

    for table, names in CONTENTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.add_column(_as_it_was(table, name))
            batch_op.drop_column("key_id")
            batch_op.drop_column("uid")
            for name in names:
                batch_op.drop_column(f"{name}_sealed")


def _as_it_was(table: str, name: str) -> "sa.Column[object]":
    if table == "changes":
        return sa.Column(name, sa.JSON(), nullable=False, server_default="{}")
    if name == "place":
        return sa.Column(name, sa.String(), nullable=True)
    return sa.Column(name, sa.String(), nullable=False, server_default="")
