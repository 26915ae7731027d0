"""Know when each sitting was heard of last."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_6_contact"
down_revision = "20261128_5_queue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "sitting_contact",
        sa.Column("sitting_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("heard_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_sitting_contact")),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("sitting_contact")
