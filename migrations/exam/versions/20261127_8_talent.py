"""Let a placement rest on evidence and signatures, and keep which one of a sitting counts now.

A placement is now named by the hash of all that it rests on, which old rows do not have. They are computed from profiles
that stay as they are, so they are placed anew: every job that placed a profile is made due once more.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261127_8_talent"
down_revision = "20261127_7_review"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MATRIX = [
    "agency_id", "wave_id", "definition", "cell", "state", "near_cut", "unit", "job_level", "birth_date", "rule_set",
    "demonstration",
]  # fmt: skip
PERSON = ["agency_id", "wave_id", "definition", "employee_id", "cell"]
PLACE_ANEW = "UPDATE job SET done = NULL, leased_until = NULL, tries = 0, failure = '' WHERE task = 'place'"


def upgrade() -> None:
    """Go to this version."""
    op.drop_table("placement")
    op.create_table(
        "placement",
        sa.Column("sitting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition", sa.String(length=20), nullable=False),
        sa.Column("inputs_sha256", HexSha256(), nullable=False),
        sa.Column("profile_inputs", HexSha256(), nullable=False),
        sa.Column("signed_sha256", HexSha256(), nullable=True),
        sa.Column("rule_set", HexSha256(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("box", sa.Integer(), nullable=True),
        sa.Column("document", Json, nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("placed", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'signed') = (signed_sha256 IS NOT NULL)", name=op.f("ck_placement_signed_by_a_result")
        ),
        sa.CheckConstraint("definition IN ('profiling', 'talent')", name=op.f("ck_placement_definition_is_known")),
        sa.CheckConstraint("state IN ('proposed', 'signed')", name=op.f("ck_placement_state_is_known")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_placement_agency_id_agency")),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_placement_rule_set_rule_set")),
        sa.ForeignKeyConstraint(
            ["sitting_id", "profile_inputs"],
            ["profile.sitting_id", "profile.inputs_sha256"],
            name=op.f("fk_placement_sitting_id_profile_inputs_profile"),
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_placement_wave_id_wave")),
        sa.PrimaryKeyConstraint("sitting_id", "definition", "inputs_sha256", name=op.f("pk_placement")),
        info={"append_only": True},
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_wave_id"), ["wave_id"], unique=False)
    protect(op.get_bind(), "placement")
    _add_current()
    op.execute(PLACE_ANEW)


def _add_current() -> None:
    op.create_table(
        "current_placement",
        sa.Column("sitting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition", sa.String(length=20), nullable=False),
        sa.Column("inputs_sha256", HexSha256(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("rule_set", HexSha256(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cell", sa.SmallInteger(), nullable=True),
        sa.Column("chance", sa.Double(), nullable=True),
        sa.Column("near_cut", sa.Boolean(), nullable=False),
        sa.Column("rival", sa.SmallInteger(), nullable=True),
        sa.Column("other_cell", sa.SmallInteger(), nullable=True),
        sa.Column("open_cells", sa.SmallInteger(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=True),
        sa.Column("x", sa.Integer(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("unit", sa.String(length=500), nullable=False),
        sa.Column("post", sa.String(length=500), nullable=False),
        sa.Column("job_level", sa.String(length=20), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.CheckConstraint("(cell IS NULL) = (chance IS NULL)", name=op.f("ck_current_placement_a_box_has_its_chance")),
        sa.CheckConstraint(
            "cell IS NULL OR cell BETWEEN 0 AND 8", name=op.f("ck_current_placement_cell_is_one_of_nine")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.agency_id"], name=op.f("fk_current_placement_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.employee_id"], name=op.f("fk_current_placement_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_current_placement_rule_set_rule_set")),
        sa.ForeignKeyConstraint(
            ["sitting_id", "definition", "inputs_sha256"],
            ["placement.sitting_id", "placement.definition", "placement.inputs_sha256"],
            name="fk_current_placement_placement",
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_current_placement_wave_id_wave")),
        sa.PrimaryKeyConstraint("sitting_id", "definition", name=op.f("pk_current_placement")),
    )
    with op.batch_alter_table("current_placement", schema=None) as batch_op:
        batch_op.create_index("ix_current_placement_matrix", MATRIX, unique=False)
        batch_op.create_index("ix_current_placement_person", PERSON, unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("current_placement")
    op.drop_table("placement")
    op.create_table(
        "placement",
        sa.Column("sitting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("profile_inputs", HexSha256(), nullable=False),
        sa.Column("definition", sa.String(length=20), nullable=False),
        sa.Column("rule_set", HexSha256(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("box", sa.Integer(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("placed", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_placement_agency_id_agency")),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_placement_rule_set_rule_set")),
        sa.ForeignKeyConstraint(
            ["sitting_id", "profile_inputs"],
            ["profile.sitting_id", "profile.inputs_sha256"],
            name=op.f("fk_placement_sitting_id_profile_inputs_profile"),
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_placement_wave_id_wave")),
        sa.PrimaryKeyConstraint("sitting_id", "profile_inputs", "definition", "rule_set", name=op.f("pk_placement")),
        info={"append_only": True},
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_wave_id"), ["wave_id"], unique=False)
    protect(op.get_bind(), "placement")
    op.execute(PLACE_ANEW)
