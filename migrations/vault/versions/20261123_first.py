"""Make the vault store."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261123_first"
down_revision = None
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "agency",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("created", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "timezone IN ('Asia/Jakarta', 'Asia/Pontianak', 'Asia/Makassar', 'Asia/Jayapura')",
            name=op.f("ck_agency_timezone_is_indonesian"),
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_code")),
        info={"stores": ("exam", "vault")},
    )
    op.create_table(
        "answer_key",
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("created", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_seal", name=op.f("pk_answer_key")),
        info={"append_only": True},
    )
    op.create_table(
        "audit_entry",
        sa.Column("entry_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("previous", HexSha256(), nullable=False),
        sa.Column("hash", HexSha256(), nullable=False),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_audit_entry")),
        info={"stores": ("exam", "vault"), "append_only": True},
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "published_form",
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("published", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_published_form")),
        info={"append_only": True},
    )
    with op.batch_alter_table("published_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_form_code"), ["code"], unique=False)

    op.create_table(
        "staff_account",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("sign_in_name", sa.String(length=80), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", UtcDateTime(), nullable=False),
        sa.CheckConstraint("failed_count >= 0", name=op.f("ck_staff_account_failed_count_not_negative")),
        sa.CheckConstraint(
            "sign_in_name = lower(sign_in_name)", name=op.f("ck_staff_account_sign_in_name_is_lower_case")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_staff_account_agency_id_agency")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_staff_account_sign_in_name")),
        info={"stores": ("exam", "vault")},
    )
    with op.batch_alter_table("staff_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_account_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("link_hash", HexSha256(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created", UtcDateTime(), nullable=False),
        sa.Column("expires", UtcDateTime(), nullable=False),
        sa.Column("used", UtcDateTime(), nullable=True),
        sa.CheckConstraint("expires > created", name=op.f("ck_one_time_link_expires_after_created")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.account_id"], name=op.f("fk_one_time_link_account_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("link_hash", name=op.f("pk_one_time_link")),
        info={"stores": ("exam", "vault")},
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "staff_role",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "role IN ('bkd_admin', 'proctor', 'assessor', 'talent_committee', 'item_author', 'psychometrician', 'auditor', 'system_admin', 'participant')",
            name=op.f("ck_staff_role_role_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.account_id"], name=op.f("fk_staff_role_account_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_staff_role")),
        info={"stores": ("exam", "vault")},
    )
    op.create_table(
        "staff_session",
        sa.Column("session_hash", HexSha256(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("created", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.Column("ended", UtcDateTime(), nullable=True),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=120), nullable=False),
        sa.CheckConstraint("ended IS NULL OR ended >= created", name=op.f("ck_staff_session_ended_after_created")),
        sa.CheckConstraint("last_seen >= created", name=op.f("ck_staff_session_seen_after_created")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.account_id"], name=op.f("fk_staff_session_account_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_staff_session")),
        info={"stores": ("exam", "vault")},
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_account_id"), ["account_id"], unique=False)
    protect(op.get_bind(), "answer_key", "audit_entry", "published_form")


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_account_id"))

    op.drop_table("staff_session")
    op.drop_table("staff_role")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_account_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("staff_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_account_agency_id"))

    op.drop_table("staff_account")
    with op.batch_alter_table("published_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_form_code"))

    op.drop_table("published_form")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_agency_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("answer_key")
    op.drop_table("agency")
