"""Remember a meeting that runs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "live_meetings",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_live_meetings_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_live_meetings_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_live_meetings_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["spaces.id"], name=op.f("fk_live_meetings_space_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_meetings")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_live_meetings_meeting_id")),
    )
    with op.batch_alter_table("live_meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_live_meetings_group_id"), ["group_id"], unique=False)

    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        # The agenda items that are there already were heard without phases.
        batch_op.add_column(
            sa.Column("gone_through", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.alter_column("gone_through", server_default=None)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format_id", sa.String(), nullable=True))

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format_id", sa.String(), nullable=True))

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_perspective", sa.String(), nullable=True))


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("last_perspective")

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_column("format_id")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("format_id")

    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.drop_column("gone_through")

    with op.batch_alter_table("live_meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_live_meetings_group_id"))

    op.drop_table("live_meetings")
