"""Keep the signed seals of sessions, the place of each sheet in them, and the keys they are checked with."""

import sqlalchemy as sa
from alembic import op

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261127_1_sealing"
down_revision = "20261126_safe_exam_browser"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "seal_key",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_seal_key")),
        info={"append_only": True},
    )
    op.create_table(
        "session_seal",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", HexSha256(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("replaces", HexSha256(), nullable=True),
        sa.CheckConstraint("n > 0 AND size >= 0", name=op.f("ck_session_seal_counts")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_session_seal_agency_id_agency")),
        sa.ForeignKeyConstraint(["key_id"], ["seal_key.key_id"], name=op.f("fk_session_seal_key_id_seal_key")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.session_id"], name=op.f("fk_session_seal_session_id_exam_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "n", name=op.f("pk_session_seal")),
        info={"append_only": True},
    )
    op.create_table(
        "sealed_sheet",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("place >= 0", name=op.f("ck_sealed_sheet_place_counts_from_0")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_sealed_sheet_agency_id_agency")),
        sa.ForeignKeyConstraint(["attempt_id"], ["sheet.attempt_id"], name=op.f("fk_sealed_sheet_attempt_id_sheet")),
        sa.ForeignKeyConstraint(
            ["session_id", "n"],
            ["session_seal.session_id", "session_seal.n"],
            name=op.f("fk_sealed_sheet_session_id_n_session_seal"),
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_sealed_sheet")),
        sa.UniqueConstraint("session_id", "place", name=op.f("uq_sealed_sheet_session_id_place")),
        info={"append_only": True},
    )
    protect(op.get_bind(), "seal_key", "session_seal", "sealed_sheet")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("sealed_sheet")
    op.drop_table("session_seal")
    op.drop_table("seal_key")
