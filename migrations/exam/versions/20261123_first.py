"""Make the exam store."""

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
        "duty",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duty")),
    )
    op.create_table(
        "form",
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("time_limit_ms", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("presentation", sa.LargeBinary(), nullable=False),
        sa.Column("delivered", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_form")),
        info={"append_only": True},
    )
    with op.batch_alter_table("form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_code"), ["code"], unique=False)

    op.create_table(
        "job",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done", UtcDateTime(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_open", ["done", "due"], unique=False)
        batch_op.create_index("uq_job_task_subject", ["task", "subject"], unique=True)

    op.create_table(
        "rule_set",
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("effective", UtcDateTime(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_rule_set")),
        info={"append_only": True},
    )
    with op.batch_alter_table("rule_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_set_name"), ["name"], unique=False)

    op.create_table(
        "import_run",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content_hash", HexSha256(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("read_by", sa.String(length=120), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("applied_by", sa.String(length=120), nullable=True),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (applied_by IS NULL)", name=op.f("ck_import_run_applied_by_somebody")
        ),
        sa.CheckConstraint("created + changed <= accepted", name=op.f("ck_import_run_written_rows_are_accepted")),
        sa.CheckConstraint("warned <= accepted", name=op.f("ck_import_run_warned_rows_are_accepted")),
        sa.CheckConstraint(
            "warned >= 0 AND rejected >= 0 AND created >= 0 AND changed >= 0",
            name=op.f("ck_import_run_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_import_run_agency_id_agency")),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "room",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_room_has_seats")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_room_agency_id_agency")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_room")),
        sa.UniqueConstraint("agency_id", "site", "name", name=op.f("uq_room_agency_id_site_name")),
    )
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
        "unit",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("path_key", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_unit_agency_id_agency")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.unit_id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit")),
        sa.UniqueConstraint("agency_id", "path_key", name=op.f("uq_unit_agency_id_path_key")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "wave",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("consent_version", sa.String(length=40), nullable=False),
        sa.Column("grace_ms", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created", UtcDateTime(), nullable=False),
        sa.CheckConstraint("grace_ms >= 0", name=op.f("ck_wave_grace_is_no_debt")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_wave_agency_id_agency")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_wave")),
    )
    with op.batch_alter_table("wave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wave_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "battery_part",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("time_limit_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.form_id"], name=op.f("fk_battery_part_form_id_form")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_battery_part_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "n", name=op.f("pk_battery_part")),
    )
    op.create_table(
        "employee",
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("post_title", sa.String(length=200), nullable=False),
        sa.Column("job_level", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=4), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "job_level IN ('jpt_utama', 'jpt_madya', 'jpt_pratama', 'administrator', 'pengawas', 'pelaksana', 'ahli_utama', 'ahli_madya', 'ahli_muda', 'ahli_pertama', 'penyelia', 'mahir', 'terampil', 'pemula')",
            name=op.f("ck_employee_job_level_is_known"),
        ),
        sa.CheckConstraint("sex IN ('L', 'P')", name=op.f("ck_employee_sex_is_known")),
        sa.CheckConstraint("status IN ('PNS', 'PPPK')", name=op.f("ck_employee_status_is_known")),
        sa.CheckConstraint("length(nip) = 18", name=op.f("ck_employee_nip_has_18_digits")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_employee_agency_id_agency")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.import_id"], name=op.f("fk_employee_import_id_import_run")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name=op.f("fk_employee_unit_id_unit")),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_employee")),
        sa.UniqueConstraint("agency_id", "nip", name=op.f("uq_employee_agency_id_nip")),
    )
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employee_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_employee_nip"), ["nip"], unique=False)
        batch_op.create_index(batch_op.f("ix_employee_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "exam_session",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("checkin_minutes", sa.Integer(), nullable=False),
        sa.Column("pin_round", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends > starts", name=op.f("ck_exam_session_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_exam_session_agency_id_agency")),
        sa.ForeignKeyConstraint(["room_id"], ["room.room_id"], name=op.f("fk_exam_session_room_id_room")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_exam_session_wave_id_wave")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_exam_session")),
    )
    with op.batch_alter_table("exam_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_session_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "import_content",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_import_content_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.import_id"], name=op.f("fk_import_content_import_id_import_run")
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_content")),
    )
    op.create_table(
        "import_finding",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("finding_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=3), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("nip", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.CheckConstraint("severity IN ('error', 'warning')", name=op.f("ck_import_finding_severity_is_known")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_import_finding_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.import_id"], name=op.f("fk_import_finding_import_id_import_run")
        ),
        sa.PrimaryKeyConstraint("import_id", "finding_no", name=op.f("pk_import_finding")),
    )
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

    op.create_table(
        "booking",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("unit", sa.String(length=500), nullable=False),
        sa.Column("post", sa.String(length=500), nullable=False),
        sa.Column("job_level", sa.String(length=20), nullable=False),
        sa.CheckConstraint("seat > 0", name=op.f("ck_booking_seat_is_numbered")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_booking_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.employee_id"], name=op.f("fk_booking_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.session_id"], name=op.f("fk_booking_session_id_exam_session")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_booking_wave_id_wave")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_booking")),
        sa.UniqueConstraint("session_id", "seat", name=op.f("uq_booking_session_id_seat")),
        sa.UniqueConstraint("wave_id", "employee_id", name=op.f("uq_booking_wave_id_employee_id")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_employee_id"), ["employee_id"], unique=False)
        batch_op.create_index("ix_booking_nip", ["nip"], unique=False)

    op.create_table(
        "sitting",
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("signed_in", UtcDateTime(), nullable=False),
        sa.CheckConstraint("epoch > 0", name=op.f("ck_sitting_epoch_counts_devices")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_sitting_agency_id_agency")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.booking_id"], name=op.f("fk_sitting_booking_id_booking")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.wave_id"], name=op.f("fk_sitting_wave_id_wave")),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_sitting_booking_id")),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("opened", UtcDateTime(), nullable=True),
        sa.Column("finished", UtcDateTime(), nullable=True),
        sa.CheckConstraint("finished IS NULL OR finished >= opened", name=op.f("ck_attempt_finished_after_opened")),
        sa.ForeignKeyConstraint(["form_id"], ["form.form_id"], name=op.f("fk_attempt_form_id_form")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.sitting_id"], name=op.f("fk_attempt_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("sitting_id", "n", name=op.f("uq_attempt_sitting_id_n")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_unfinished", ["opened", "finished"], unique=False)

    op.create_table(
        "consent",
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.sitting_id"], name=op.f("fk_consent_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("sitting_id", "version", "accepted", name=op.f("pk_consent")),
    )
    op.create_table(
        "profile",
        sa.Column(
            "sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("inputs_sha256", HexSha256(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("rule_set", HexSha256(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_profile_agency_id_agency")),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_profile_rule_set_rule_set")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.sitting_id"], name=op.f("fk_profile_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("sitting_id", "inputs_sha256", name=op.f("pk_profile")),
        info={"append_only": True},
    )
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_profile_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "sitting_event",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.sitting_id"], name=op.f("fk_sitting_event_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_sitting_event")),
        info={"append_only": True},
    )
    with op.batch_alter_table("sitting_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_event_sitting_id"), ["sitting_id"], unique=False)

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

    op.create_table(
        "score",
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("engine_version", sa.String(length=20), nullable=False),
        sa.Column("sheet_sha256", HexSha256(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("scored", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.attempt_id"], name=op.f("fk_score_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", "key_seal", "engine_version", name=op.f("pk_score")),
        info={"append_only": True},
    )
    op.create_table(
        "sheet",
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("sealed", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.attempt_id"], name=op.f("fk_sheet_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_sheet")),
        info={"append_only": True},
    )
    op.create_table(
        "time_entry",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.attempt_id"], name=op.f("fk_time_entry_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_time_entry")),
        info={"append_only": True},
    )
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_entry_attempt_id"), ["attempt_id"], unique=False)
    protect(
        op.get_bind(),
        "audit_entry",
        "form",
        "rule_set",
        "profile",
        "sitting_event",
        "placement",
        "score",
        "sheet",
        "time_entry",
    )


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_entry_attempt_id"))

    op.drop_table("time_entry")
    op.drop_table("sheet")
    op.drop_table("score")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_wave_id"))
        batch_op.drop_index(batch_op.f("ix_placement_agency_id"))

    op.drop_table("placement")
    with op.batch_alter_table("sitting_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_event_sitting_id"))

    op.drop_table("sitting_event")
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_agency_id"))

    op.drop_table("profile")
    op.drop_table("consent")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_unfinished")

    op.drop_table("attempt")
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_wave_id"))

    op.drop_table("sitting")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_nip")
        batch_op.drop_index(batch_op.f("ix_booking_employee_id"))

    op.drop_table("booking")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_account_id"))

    op.drop_table("staff_session")
    op.drop_table("staff_role")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_account_id"))

    op.drop_table("one_time_link")
    op.drop_table("import_finding")
    op.drop_table("import_content")
    with op.batch_alter_table("exam_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_session_wave_id"))

    op.drop_table("exam_session")
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employee_unit_id"))
        batch_op.drop_index(batch_op.f("ix_employee_nip"))
        batch_op.drop_index(batch_op.f("ix_employee_name"))

    op.drop_table("employee")
    op.drop_table("battery_part")
    with op.batch_alter_table("wave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wave_agency_id"))

    op.drop_table("wave")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    with op.batch_alter_table("staff_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_account_agency_id"))

    op.drop_table("staff_account")
    op.drop_table("room")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_agency_id"))

    op.drop_table("import_run")
    with op.batch_alter_table("rule_set", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_set_name"))

    op.drop_table("rule_set")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("uq_job_task_subject")
        batch_op.drop_index("ix_job_open")

    op.drop_table("job")
    with op.batch_alter_table("form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_code"))

    op.drop_table("form")
    op.drop_table("duty")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_agency_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("agency")
