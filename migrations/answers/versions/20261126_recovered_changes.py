"""Know which changes came by a file instead of by their page."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_recovered_changes"
down_revision = "20261123_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("answer_event", sa.Column("recovered", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Go back to the version before."""
    op.execute("ALTER TABLE answer_event DROP COLUMN recovered")
