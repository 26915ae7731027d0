"""Keep the reports that were issued, and who has asked for one."""

import sqlalchemy as sa
from alembic import op

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261128_7_reports"
down_revision = "20261128_6_contact"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "report",
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("wave_no", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.String(length=80), nullable=True),
        sa.Column("signed_n", sa.Integer(), nullable=False),
        sa.Column("profiling_inputs", HexSha256(), nullable=False),
        sa.Column("talent_inputs", HexSha256(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("issued", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("n > 0 AND wave_no > 0 AND edition > 0", name=op.f("ck_report_counts_from_1")),
        sa.CheckConstraint("(edition = 1) = (replaces IS NULL)", name=op.f("ck_report_only_the_first_replaces_none")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_report_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["staff_account.account_id"], name=op.f("fk_report_issued_by_staff_account")
        ),
        sa.ForeignKeyConstraint(["replaces"], ["report.number"], name=op.f("fk_report_replaces_report")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.sitting_id"], name=op.f("fk_report_sitting_id_sitting")),
        sa.ForeignKeyConstraint(
            ["sitting_id", "signed_n"],
            ["signed_result.sitting_id", "signed_result.n"],
            name=op.f("fk_report_sitting_id_signed_n_signed_result"),
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_report_wave_id_wave")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_report")),
        sa.UniqueConstraint("agency_id", "year", "wave_no", "n", name=op.f("uq_report_agency_id_year_wave_no_n")),
        sa.UniqueConstraint("code", name=op.f("uq_report_code")),
        sa.UniqueConstraint("replaces", name=op.f("uq_report_replaces")),
        sa.UniqueConstraint("sitting_id", "edition", name=op.f("uq_report_sitting_id_edition")),
        info={"append_only": True},
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_wave_id"), ["wave_id"], unique=False)
    op.create_table(
        "report_request",
        sa.Column(
            "sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("asked", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.account_id"], name=op.f("fk_report_request_account_id_staff_account")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_report_request_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.sitting_id"], name=op.f("fk_report_request_sitting_id_sitting")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_report_request_wave_id_wave")),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_report_request")),
    )
    with op.batch_alter_table("report_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_request_agency_id"), ["agency_id"], unique=False)
    protect(op.get_bind(), "report")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("report_request")
    op.drop_table("report")
