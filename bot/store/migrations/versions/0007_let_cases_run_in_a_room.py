"""Let cases run in a room."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this schema."""
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("room", sa.String(), server_default="channel", nullable=False)
        )


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_column("room")
