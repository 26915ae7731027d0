"""Keep what pages count: of the newest profiles, and of evidence; find audit entries by actor and subject.

The pointers of the profiles that are there are computed here, once, by the arithmetic of today.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256

revision = "20261128_5_queue"
down_revision = "20261128_4_rescore"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
QUEUE = [
    "agency_id", "wave_id", "certainty", "sitting_id", "near_cut", "serious", "unit", "rule_set", "sha256",
]  # fmt: skip
STANDING = ["agency_id", "employee_id", "rule_set", "as_of", "facts", "states"]
AT_ONCE = 500


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "current_profile",
        sa.Column("sitting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("inputs_sha256", HexSha256(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("rule_set", HexSha256(), nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("certainty", sa.Double(), nullable=True),
        sa.Column("near_cut", sa.Boolean(), nullable=False),
        sa.Column("serious", sa.SmallInteger(), nullable=False),
        sa.Column("match", sa.String(length=40), nullable=True),
        sa.Column("potential", sa.SmallInteger(), nullable=True),
        sa.Column("basis", sa.LargeBinary(), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("unit", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_current_profile_agency_id_agency")),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_current_profile_rule_set_rule_set")),
        sa.ForeignKeyConstraint(
            ["sitting_id", "inputs_sha256"],
            ["profile.sitting_id", "profile.inputs_sha256"],
            name="fk_current_profile_profile",
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_current_profile_wave_id_wave")),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_current_profile")),
    )
    _point(op.get_bind())
    with op.batch_alter_table("current_profile", schema=None) as batch_op:
        batch_op.create_index("ix_current_profile_queue", QUEUE, unique=False)
    _add_standing()
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)


def _add_standing() -> None:
    op.create_table(
        "evidence_standing",
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("rule_set", HexSha256(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("states", sa.String(length=20), nullable=False),
        sa.CheckConstraint("facts >= 0", name=op.f("ck_evidence_standing_facts_not_negative")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.agency_id"], name=op.f("fk_evidence_standing_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.employee_id"], name=op.f("fk_evidence_standing_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_evidence_standing_rule_set_rule_set")),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_evidence_standing")),
    )
    with op.batch_alter_table("evidence_standing", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_standing_overview", STANDING, unique=False)


def _point(connection: sa.Connection) -> None:
    known = sa.MetaData()
    names = ("profile", "sitting", "booking", "rule_set", "current_profile")
    known.reflect(connection, only=names, resolve_fks=False)
    profile, sitting, booking, rule_set, current = (known.tables[name] for name in names)
    for table, column in ((profile, "document"), (rule_set, "document")):
        table.c[column].type = Json
    rows = connection.execute(sa.select(rule_set.c.sha256, rule_set.c.document)).all()
    rules = {sha256: {name: one["value"] for name, one in said["rules"].items()} for sha256, said in rows}
    wanted = (
        sa.select(profile, sitting.c.wave_id, booking.c.nip, booking.c.name, booking.c.unit)
        .join(sitting, sitting.c.sitting_id == profile.c.sitting_id)
        .join(booking, booking.c.booking_id == sitting.c.booking_id)
        .order_by(profile.c.sitting_id, profile.c.made, profile.c.inputs_sha256)
    )
    last = connection.execute(sa.select(sa.func.max(profile.c.sitting_id))).scalar() or 0
    for first in range(0, last + 1, AT_ONCE):
        some = wanted.where(profile.c.sitting_id > first, profile.c.sitting_id <= first + AT_ONCE)
        newest = {row.sitting_id: row for row in connection.execute(some)}
        pointers = [_pointer(row, rules[row.rule_set]) for row in newest.values()]
        if pointers:
            connection.execute(sa.insert(current), pointers)


def _pointer(row: sa.Row[*tuple[Any, ...]], rules: Mapping[str, Any]) -> dict[str, object]:
    said = row.document
    match, potential = said["jpm"], said["potential"]
    middle, high = rules["potential.cuts"]
    score = potential["score"]
    category = None if score is None else int(score >= middle) + int(score >= high)
    certainty = None
    if match["chances"] is not None and potential["chances"] is not None:
        certainty = match["chances"][match["categories"].index(match["category"])] * potential["chances"][category]
    kept = ("sitting_id", "inputs_sha256", "agency_id", "wave_id", "rule_set", "sha256", "nip", "name", "unit")
    return {name: getattr(row, name) for name in kept} | {
        "certainty": certainty, "near_cut": certainty is not None and certainty < rules["box.near_cut"],
        "serious": sum(bool(flag["serious"]) for flag in said.get("validity", ())), "match": match["category"],
        "potential": category, "basis": msgspec.json.encode(dict(_basis(said))),
    }  # fmt: skip


def _basis(said: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    yield "job_level", said["job_level"]
    for name, field in (("levels", "level"), ("required", "required")):
        yield name, [one[field] for one in said["competencies"]]
    for name in ("theta", "se"):
        yield name, [one[name] for one in said["potential"]["aspects"]]


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor"))
    op.drop_table("evidence_standing")
    op.drop_table("current_profile")
