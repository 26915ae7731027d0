"""Keep items by version with their life, calibrations, and forms from proposal to withdrawal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261125_item_bank"
down_revision = "20261123_first"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "calibration",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("kept", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_calibration")),
        info={"append_only": True},
    )
    op.create_table(
        "form_proposal",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=False),
        sa.Column("items", Json, nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_form_proposal")),
        info={"append_only": True},
    )
    with op.batch_alter_table("form_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_proposal_code"), ["code"], unique=False)

    op.create_table(
        "item_version",
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("constructs", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("facet", sa.String(length=60), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("searchable", sa.Text(), nullable=False),
        sa.Column("face", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("written", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("pk_item_version")),
        info={"append_only": True},
    )
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_version_instrument"), ["instrument"], unique=False)

    op.create_table(
        "form_exposure",
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("counted", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["published_form.form_id"], name=op.f("fk_form_exposure_form_id_published_form")
        ),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_form_exposure")),
    )
    op.create_table(
        "form_item",
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("calibration", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["published_form.form_id"], name=op.f("fk_form_item_form_id_published_form")
        ),
        sa.PrimaryKeyConstraint("form_id", "position", name=op.f("pk_form_item")),
        info={"append_only": True},
    )
    with op.batch_alter_table("form_item", schema=None) as batch_op:
        batch_op.create_index("ix_form_item_item", ["item_id", "version"], unique=False)

    op.create_table(
        "form_signature",
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["published_form.form_id"], name=op.f("fk_form_signature_form_id_published_form")
        ),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_form_signature")),
        info={"append_only": True},
    )
    op.create_table(
        "form_withdrawal",
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["published_form.form_id"], name=op.f("fk_form_withdrawal_form_id_published_form")
        ),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_form_withdrawal")),
        info={"append_only": True},
    )
    op.create_table(
        "item_estimate",
        sa.Column("calibration", sa.String(length=60), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration"], ["calibration.name"], name=op.f("fk_item_estimate_calibration_calibration")
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "version"],
            ["item_version.item_id", "item_version.version"],
            name=op.f("fk_item_estimate_item_id_version_item_version"),
        ),
        sa.PrimaryKeyConstraint("calibration", "item_id", "version", name=op.f("pk_item_estimate")),
        info={"append_only": True},
    )
    op.create_table(
        "item_event",
        sa.Column("event_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("aspect", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id", "version"],
            ["item_version.item_id", "item_version.version"],
            name=op.f("fk_item_event_item_id_version_item_version"),
        ),
        sa.PrimaryKeyConstraint("event_no", name=op.f("pk_item_event")),
        info={"append_only": True},
    )
    with op.batch_alter_table("item_event", schema=None) as batch_op:
        batch_op.create_index("ix_item_event_version", ["item_id", "version"], unique=False)

    op.create_table(
        "item_version_key",
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id", "version"],
            ["item_version.item_id", "item_version.version"],
            name=op.f("fk_item_version_key_item_id_version_item_version"),
        ),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("pk_item_version_key")),
        info={"append_only": True},
    )
    op.create_table(
        "proposal_decision",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("form_id", HexSha256(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["published_form.form_id"], name=op.f("fk_proposal_decision_form_id_published_form")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["form_proposal.proposal_id"], name=op.f("fk_proposal_decision_proposal_id_form_proposal")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal_decision")),
        info={"append_only": True},
    )
    protect(
        op.get_bind(),
        "calibration",
        "form_proposal",
        "item_version",
        "form_item",
        "form_signature",
        "form_withdrawal",
        "item_estimate",
        "item_event",
        "item_version_key",
        "proposal_decision",
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("proposal_decision")
    op.drop_table("item_version_key")
    with op.batch_alter_table("item_event", schema=None) as batch_op:
        batch_op.drop_index("ix_item_event_version")

    op.drop_table("item_event")
    op.drop_table("item_estimate")
    op.drop_table("form_withdrawal")
    op.drop_table("form_signature")
    with op.batch_alter_table("form_item", schema=None) as batch_op:
        batch_op.drop_index("ix_form_item_item")

    op.drop_table("form_item")
    op.drop_table("form_exposure")
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_version_instrument"))

    op.drop_table("item_version")
    with op.batch_alter_table("form_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_proposal_code"))

    op.drop_table("form_proposal")
    op.drop_table("calibration")
