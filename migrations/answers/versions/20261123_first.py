"""Make the answers store."""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "20261123_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "answer_event",
        sa.Column("sitting_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("spent_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sitting_id", "epoch", "seq", name=op.f("pk_answer_event")),
        info={"stores": ("answers",), "append_only": True},
    )
    with op.batch_alter_table("answer_event", schema=None) as batch_op:
        batch_op.create_index("ix_answer_event_attempt", ["attempt_id"], unique=False)

    op.create_table(
        "attempt_gate",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("deadline_ms", sa.BigInteger(), nullable=False),
        sa.Column("grace_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempt_gate")),
        info={"stores": ("answers",)},
    )
    protect(op.get_bind(), "answer_event")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("attempt_gate")
    with op.batch_alter_table("answer_event", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_event_attempt")

    op.drop_table("answer_event")
