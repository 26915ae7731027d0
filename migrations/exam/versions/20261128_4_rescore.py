"""Keep that keys were corrected, what other keys lead to, and which key counts in a wave."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261128_4_rescore"
down_revision = "20261128_3_planning"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Go to this version."""
    _add_keys()
    _add_rescored()
    _add_proposals()
    protect(
        op.get_bind(), "key_version", "key_choice", "rescored_profile", "key_proposal", "key_proposal_end"
    )  # fmt: skip


def _add_keys() -> None:
    op.create_table(
        "key_version",
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("replaces", HexSha256(), nullable=False),
        sa.Column("calibration", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=120), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved", UtcDateTime(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("delivered", UtcDateTime(), nullable=False),
        sa.CheckConstraint("proposed_by <> approved_by", name=op.f("ck_key_version_approved_by_a_second_person")),
        sa.ForeignKeyConstraint(["form_id"], ["form.form_id"], name=op.f("fk_key_version_form_id_form")),
        sa.PrimaryKeyConstraint("key_seal", name=op.f("pk_key_version")),
        sa.UniqueConstraint("form_id", "n", name=op.f("uq_key_version_form_id_n")),
        info={"append_only": True},
    )
    op.create_table(
        "key_choice",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("proposed_by <> chosen_by", name=op.f("ck_key_choice_chosen_by_a_second_person")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_key_choice_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["staff_account.account_id"], name=op.f("fk_key_choice_chosen_by_staff_account")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["form.form_id"], name=op.f("fk_key_choice_form_id_form")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["staff_account.account_id"], name=op.f("fk_key_choice_proposed_by_staff_account")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_key_choice_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "form_id", "n", name=op.f("pk_key_choice")),
        info={"append_only": True},
    )
    with op.batch_alter_table("key_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_choice_agency_id"), ["agency_id"], unique=False)


def _add_rescored() -> None:
    op.create_table(
        "rescored_profile",
        sa.Column("sitting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("beside", HexSha256(), nullable=False),
        sa.Column("inputs_sha256", HexSha256(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("rule_set", HexSha256(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("change", Json, nullable=False),
        sa.Column("consequence", sa.Integer(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_rescored_profile_agency_id_agency")),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_rescored_profile_rule_set_rule_set")),
        sa.ForeignKeyConstraint(
            ["sitting_id", "beside"],
            ["profile.sitting_id", "profile.inputs_sha256"],
            name=op.f("fk_rescored_profile_sitting_id_beside_profile"),
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_rescored_profile_wave_id_wave")),
        sa.PrimaryKeyConstraint("sitting_id", "key_seal", "beside", name=op.f("pk_rescored_profile")),
        info={"append_only": True},
    )
    with op.batch_alter_table("rescored_profile", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rescored_profile_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index("ix_rescored_profile_wave", ["wave_id", "key_seal"], unique=False)


def _add_proposals() -> None:
    op.create_table(
        "key_proposal",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("seen", HexSha256(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.account_id"], name=op.f("fk_key_proposal_account_id_staff_account")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_key_proposal_agency_id_agency")),
        sa.ForeignKeyConstraint(["form_id"], ["form.form_id"], name=op.f("fk_key_proposal_form_id_form")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_key_proposal_wave_id_wave")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_key_proposal")),
        info={"append_only": True},
    )
    with op.batch_alter_table("key_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_proposal_agency_id"), ["agency_id"], unique=False)
    op.create_table(
        "key_proposal_end",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'chosen') = (n IS NOT NULL)", name=op.f("ck_key_proposal_end_only_chosen_has_a_number")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.account_id"], name=op.f("fk_key_proposal_end_account_id_staff_account")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_key_proposal_end_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["key_proposal.proposal_id"], name=op.f("fk_key_proposal_end_proposal_id_key_proposal")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_key_proposal_end")),
        info={"append_only": True},
    )
    with op.batch_alter_table("key_proposal_end", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_proposal_end_agency_id"), ["agency_id"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("key_proposal_end", "key_proposal", "rescored_profile", "key_choice", "key_version"):
        op.drop_table(table)
