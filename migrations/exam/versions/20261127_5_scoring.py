"""Keep why a job gave up in a word for people, and look only through open jobs, task by task."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_5_scoring"
down_revision = "20261127_4_personnel"
branch_labels = None
depends_on = None

OPEN = sa.text("done IS NULL")


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("job") as job:
        job.add_column(sa.Column("reason", sa.String(length=30), server_default="", nullable=False))
        job.drop_index("ix_job_open")
    op.create_index("ix_job_open", "job", ["task", "due", "job_id"], postgresql_where=OPEN, sqlite_where=OPEN)


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("job") as job:
        job.drop_index("ix_job_open")
        job.create_index("ix_job_open", ["done", "due"])
        job.drop_column("reason")
