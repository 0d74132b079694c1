"""Remember how a group and a case are worked through."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this schema."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format_id", sa.String(), nullable=True))

    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format_id", sa.String(), nullable=True))


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_column("format_id")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("format_id")
