"""Keep what is written down of a session: incidents, who was there, and who sits elsewhere than planned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import UtcDateTime
from migrations.append_only import protect

revision = "20261128_1_logbook"
down_revision = "20261127_8_talent"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Go to this version."""
    _add_incidents()
    _add_marks()
    _add_moves()
    protect(op.get_bind(), "incident", "attendance_mark", "seat_move")


def _add_incidents() -> None:
    op.create_table(
        "incident",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened", UtcDateTime(), nullable=False),
        sa.Column("seats", Json, nullable=False),
        sa.Column("told", sa.String(length=500), nullable=False),
        sa.Column("done", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_incident_gives_time_back")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_incident_agency_id_agency")),
        sa.ForeignKeyConstraint(["replaces"], ["incident.incident_id"], name=op.f("fk_incident_replaces_incident")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.session_id"], name=op.f("fk_incident_session_id_exam_session")
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident")),
        sa.UniqueConstraint("replaces", name=op.f("uq_incident_replaces")),
        sa.UniqueConstraint("session_id", "n", name=op.f("uq_incident_session_id_n")),
        info={"append_only": True},
    )


def _add_marks() -> None:
    op.create_table(
        "attendance_mark",
        sa.Column("mark_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=150), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_attendance_mark_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.booking_id"], name=op.f("fk_attendance_mark_booking_id_booking")
        ),
        sa.PrimaryKeyConstraint("mark_id", name=op.f("pk_attendance_mark")),
        sa.UniqueConstraint("booking_id", "n", name=op.f("uq_attendance_mark_booking_id_n")),
        info={"append_only": True},
    )


def _add_moves() -> None:
    op.create_table(
        "seat_move",
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("from_session", sa.Uuid(), nullable=False),
        sa.Column("from_seat", sa.Integer(), nullable=False),
        sa.Column("to_session", sa.Uuid(), nullable=False),
        sa.Column("to_seat", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=150), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("from_seat > 0 AND to_seat > 0", name=op.f("ck_seat_move_seats_are_numbered")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_seat_move_agency_id_agency")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.booking_id"], name=op.f("fk_seat_move_booking_id_booking")),
        sa.ForeignKeyConstraint(
            ["from_session"], ["exam_session.session_id"], name=op.f("fk_seat_move_from_session_exam_session")
        ),
        sa.ForeignKeyConstraint(
            ["to_session"], ["exam_session.session_id"], name=op.f("fk_seat_move_to_session_exam_session")
        ),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_seat_move")),
        sa.UniqueConstraint("booking_id", "n", name=op.f("uq_seat_move_booking_id_n")),
        info={"append_only": True},
    )
    with op.batch_alter_table("seat_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_move_from_session"), ["from_session"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_move_to_session"), ["to_session"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("seat_move", "attendance_mark", "incident"):
        op.drop_table(table)
