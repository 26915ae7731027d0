"""Keep what participants are granted for their sitting."""

import sqlalchemy as sa
from alembic import op

from item_bank.columns import UtcDateTime
from migrations.append_only import protect

revision = "20261126_accommodations"
down_revision = "20261125_withdrawn_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "accommodation",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_accommodation_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.booking_id"], name=op.f("fk_accommodation_booking_id_booking")
        ),
        sa.PrimaryKeyConstraint("booking_id", "n", name=op.f("pk_accommodation")),
        info={"append_only": True},
    )
    protect(op.get_bind(), "accommodation")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("accommodation")
