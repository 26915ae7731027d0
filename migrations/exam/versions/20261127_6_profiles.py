"""Keep the standard of each post, and the files that they came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261127_6_profiles"
down_revision = "20261127_5_scoring"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "standard_import",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content_hash", HexSha256(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("read_by", sa.String(length=120), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("applied_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND added >= 0", name=op.f("ck_standard_import_counts_not_negative")
        ),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (applied_by IS NULL)", name=op.f("ck_standard_import_applied_by_somebody")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_standard_import_agency_id_agency")),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_standard_import")),
    )
    op.create_index(op.f("ix_standard_import_agency_id"), "standard_import", ["agency_id"])
    op.create_table(
        "job_standard",
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("post_key", sa.String(length=500), nullable=False),
        sa.Column("unit_key", sa.String(length=500), nullable=False),
        sa.Column("post", sa.String(length=500), nullable=False),
        sa.Column("unit", sa.String(length=500), nullable=False),
        sa.Column("code", sa.String(length=500), nullable=False),
        sa.Column("levels", Json, nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("added", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_job_standard_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["standard_import.import_id"], name=op.f("fk_job_standard_import_id_standard_import")
        ),
        sa.PrimaryKeyConstraint("standard_id", name=op.f("pk_job_standard")),
        info={"append_only": True},
    )
    op.create_index("ix_job_standard_post", "job_standard", ["agency_id", "post_key"])
    protect(op.get_bind(), "job_standard")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("job_standard")
    op.drop_table("standard_import")
