"""Know which waves are sat in Safe Exam Browser, and with which settings."""

import sqlalchemy as sa
from alembic import op

from item_bank.columns import HexSha256, UtcDateTime

revision = "20261126_safe_exam_browser"
down_revision = "20261126_accommodations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "wave_browser",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("policy", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("config_key", HexSha256(), nullable=False),
        sa.Column("exam_keys", sa.Text(), nullable=False),
        sa.Column("changed", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_wave_browser_agency_id_agency")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_wave_browser_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_wave_browser")),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("wave_browser")
