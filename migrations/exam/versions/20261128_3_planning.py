"""Keep lists of sessions as they were frozen, and how they were amended."""

import sqlalchemy as sa
from alembic import op

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261128_3_planning"
down_revision = "20261128_2_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "frozen_list",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_frozen_list_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.session_id"], name=op.f("fk_frozen_list_session_id_exam_session")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_frozen_list")),
        info={"append_only": True},
    )
    op.create_table(
        "list_amendment",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_list_amendment_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["frozen_list.session_id"], name=op.f("fk_list_amendment_session_id_frozen_list")
        ),
        sa.PrimaryKeyConstraint("session_id", "n", name=op.f("pk_list_amendment")),
        info={"append_only": True},
    )
    protect(op.get_bind(), "frozen_list", "list_amendment")


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("list_amendment", "frozen_list"):
        op.drop_table(table)
