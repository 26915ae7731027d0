"""Keep posts to be filled, who was proposed and decided on for them, and how well they fit technically."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261128_8_succession"
down_revision = "20261128_7_reports"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = ("target_post", "target_post_end", "succession_act", "technical_fit")
LEVELS = (
    "'jpt_utama', 'jpt_madya', 'jpt_pratama', 'administrator', 'pengawas', 'pelaksana', 'ahli_utama', 'ahli_madya', "
    "'ahli_muda', 'ahli_pertama', 'penyelia', 'mahir', 'terampil', 'pemula'"
)


def upgrade() -> None:
    """Go to this version."""
    _add_posts()
    _add_acts()
    _add_technical_fit()
    protect(op.get_bind(), *TABLES)


def _named(table: str, column: str, there: str, key: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{there}.{key}"], name=op.f(f"fk_{table}_{column}_{there}"))


def _add_posts() -> None:
    op.create_table(
        "target_post",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("post_key", sa.String(length=200), nullable=False),
        sa.Column("unit_key", sa.String(length=200), nullable=False),
        sa.Column("job_level", sa.String(length=20), nullable=False),
        sa.Column("pool", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(f"job_level IN ({LEVELS})", name=op.f("ck_target_post_job_level_is_known")),
        sa.CheckConstraint("pool IN ('agency', 'national')", name=op.f("ck_target_post_pool_is_known")),
        _named("target_post", "account_id", "staff_account", "account_id"),
        _named("target_post", "agency_id", "agency", "agency_id"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_target_post")),
        info={"append_only": True},
    )
    with op.batch_alter_table("target_post", schema=None) as batch_op:
        batch_op.create_index("ix_target_post_name", ["agency_id", "post_key", "unit_key"], unique=False)
    op.create_table(
        "target_post_end",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _named("target_post_end", "account_id", "staff_account", "account_id"),
        _named("target_post_end", "agency_id", "agency", "agency_id"),
        _named("target_post_end", "post_id", "target_post", "post_id"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_target_post_end")),
        info={"append_only": True},
    )
    with op.batch_alter_table("target_post_end", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_post_end_agency_id"), ["agency_id"], unique=False)


def _add_acts() -> None:
    op.create_table(
        "succession_act",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sitting_id", Serial, nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('proposed', 'taken', 'not_taken', 'withdrawn', 'taken_out')",
            name=op.f("ck_succession_act_kind_is_known"),
        ),
        sa.CheckConstraint(
            "(kind IN ('proposed', 'withdrawn')) = (account_id = proposed_by)",
            name=op.f("ck_succession_act_decided_by_a_second_person"),
        ),
        _named("succession_act", "account_id", "staff_account", "account_id"),
        _named("succession_act", "agency_id", "agency", "agency_id"),
        _named("succession_act", "employee_id", "employee", "employee_id"),
        _named("succession_act", "post_id", "target_post", "post_id"),
        _named("succession_act", "proposed_by", "staff_account", "account_id"),
        _named("succession_act", "sitting_id", "sitting", "sitting_id"),
        sa.PrimaryKeyConstraint("post_id", "employee_id", "n", name=op.f("pk_succession_act")),
        info={"append_only": True},
    )
    with op.batch_alter_table("succession_act", schema=None) as batch_op:
        batch_op.create_index("ix_succession_act_person", ["agency_id", "employee_id"], unique=False)


def _add_technical_fit() -> None:
    op.create_table(
        "technical_fit",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("hundredths BETWEEN 0 AND 10000", name=op.f("ck_technical_fit_lies_between_0_and_100")),
        _named("technical_fit", "account_id", "staff_account", "account_id"),
        _named("technical_fit", "agency_id", "agency", "agency_id"),
        _named("technical_fit", "employee_id", "employee", "employee_id"),
        _named("technical_fit", "post_id", "target_post", "post_id"),
        sa.PrimaryKeyConstraint("post_id", "employee_id", "n", name=op.f("pk_technical_fit")),
        info={"append_only": True},
    )
    with op.batch_alter_table("technical_fit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_technical_fit_agency_id"), ["agency_id"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    for table in reversed(TABLES):
        op.drop_table(table)
