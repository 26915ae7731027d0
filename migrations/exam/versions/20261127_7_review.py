"""Keep what assessors decide, and what they sign."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261127_7_review"
down_revision = "20261127_6_profiles"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GROWS = ("review_step", "signed_result")


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "review_step",
        sa.Column("sitting_id", Serial, autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("profile_sha256", HexSha256(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('submitted', 'approved', 'sent_back', 'reassess', 'signed')",
            name=op.f("ck_review_step_kind_is_known"),
        ),
        *_people("review_step", "account_id"),
        sa.PrimaryKeyConstraint("sitting_id", "n", name=op.f("pk_review_step")),
        info={"append_only": True},
    )
    op.create_table(
        "signed_result",
        sa.Column("sitting_id", Serial, autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("profile_inputs", HexSha256(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.CheckConstraint("(n = 1) = (replaces IS NULL)", name=op.f("ck_signed_result_only_the_first_replaces_none")),
        sa.CheckConstraint(
            "replaces IS NULL OR replaces = n - 1", name=op.f("ck_signed_result_replaces_the_one_before")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> signed_by", name=op.f("ck_signed_result_approved_by_a_second_person")
        ),
        *_people("signed_result", "signed_by", "approved_by"),
        sa.PrimaryKeyConstraint("sitting_id", "n", name=op.f("pk_signed_result")),
        info={"append_only": True},
    )
    op.create_table(
        "review_draft",
        sa.Column("sitting_id", Serial, autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("profile_sha256", HexSha256(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("saved", UtcDateTime(), nullable=False),
        *_people("review_draft", "account_id"),
        sa.PrimaryKeyConstraint("sitting_id", "account_id", name=op.f("pk_review_draft")),
    )
    op.create_table(
        "review_lease",
        sa.Column("sitting_id", Serial, autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        *_people("review_lease", "account_id"),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_review_lease")),
    )
    for table in (*GROWS, "review_draft", "review_lease"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_agency_id"), ["agency_id"], unique=False)
    for table in GROWS:
        protect(op.get_bind(), table)


def _people(table: str, *accounts: str) -> list[sa.ForeignKeyConstraint]:
    """Tie a table to its sitting, its agency and the accounts that it names."""
    ties = {"sitting_id": "sitting", "agency_id": "agency"}
    keys = [
        sa.ForeignKeyConstraint([column], [f"{other}.{column}"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in ties.items()
    ]
    return keys + [
        sa.ForeignKeyConstraint(
            [column], ["staff_account.account_id"], name=op.f(f"fk_{table}_{column}_staff_account")
        )
        for column in accounts
    ]  # fmt: skip


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("review_lease", "review_draft", "signed_result", "review_step"):
        op.drop_table(table)
