"""Remember what was pressed for a step in writing."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this schema."""
    with op.batch_alter_table("written_cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("word", sa.String(), nullable=True))


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("written_cases", schema=None) as batch_op:
        batch_op.drop_column("word")
