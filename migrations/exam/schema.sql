-- The exam store as the newest migration leaves it, in PostgreSQL's words. For people to read:
-- migrations make the store, `make schema` writes this file, and a test compares it with the models.

CREATE TABLE accommodation (
    booking_id UUID NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    value VARCHAR(120) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_accommodation PRIMARY KEY (booking_id, n),
    CONSTRAINT fk_accommodation_booking_id_booking FOREIGN KEY(booking_id) REFERENCES booking (booking_id),
    CONSTRAINT fk_accommodation_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TRIGGER accommodation_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON accommodation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE agency (
    agency_id UUID NOT NULL,
    code VARCHAR(40) NOT NULL,
    name VARCHAR(200) NOT NULL,
    timezone VARCHAR(40) NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_agency PRIMARY KEY (agency_id),
    CONSTRAINT ck_agency_timezone_is_indonesian CHECK (timezone IN ('Asia/Jakarta', 'Asia/Pontianak', 'Asia/Makassar', 'Asia/Jayapura')),
    CONSTRAINT uq_agency_code UNIQUE (code)
);

CREATE TABLE attempt (
    attempt_id BIGSERIAL NOT NULL,
    sitting_id BIGINT NOT NULL,
    n INTEGER NOT NULL,
    form_id VARCHAR(64) NOT NULL,
    opened TIMESTAMP WITH TIME ZONE,
    finished TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_attempt PRIMARY KEY (attempt_id),
    CONSTRAINT uq_attempt_sitting_id_n UNIQUE (sitting_id, n),
    CONSTRAINT ck_attempt_finished_after_opened CHECK (finished IS NULL OR finished >= opened),
    CONSTRAINT fk_attempt_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT fk_attempt_form_id_form FOREIGN KEY(form_id) REFERENCES form (form_id)
);

CREATE INDEX ix_attempt_unfinished ON attempt (opened, finished);

CREATE TABLE attendance_mark (
    mark_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    n INTEGER NOT NULL,
    kind VARCHAR(10) NOT NULL,
    holds BOOLEAN NOT NULL,
    reason VARCHAR(150) NOT NULL,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_attendance_mark PRIMARY KEY (mark_id),
    CONSTRAINT uq_attendance_mark_booking_id_n UNIQUE (booking_id, n),
    CONSTRAINT fk_attendance_mark_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_attendance_mark_booking_id_booking FOREIGN KEY(booking_id) REFERENCES booking (booking_id)
);

CREATE TRIGGER attendance_mark_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON attendance_mark FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_entry (
    entry_no INTEGER NOT NULL,
    agency_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor VARCHAR(120) NOT NULL,
    action VARCHAR(80) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    reason TEXT NOT NULL,
    origin VARCHAR(120) NOT NULL,
    detail JSONB NOT NULL,
    previous VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    CONSTRAINT pk_audit_entry PRIMARY KEY (entry_no)
);

CREATE INDEX ix_audit_entry_action ON audit_entry (action);

CREATE INDEX ix_audit_entry_actor ON audit_entry (actor);

CREATE INDEX ix_audit_entry_agency_id ON audit_entry (agency_id);

CREATE INDEX ix_audit_entry_subject ON audit_entry (subject);

CREATE TRIGGER audit_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE battery_part (
    wave_id UUID NOT NULL,
    n INTEGER NOT NULL,
    form_id VARCHAR(64) NOT NULL,
    time_limit_ms INTEGER NOT NULL,
    CONSTRAINT pk_battery_part PRIMARY KEY (wave_id, n),
    CONSTRAINT fk_battery_part_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_battery_part_form_id_form FOREIGN KEY(form_id) REFERENCES form (form_id)
);

CREATE TABLE booking (
    booking_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    session_id UUID NOT NULL,
    employee_id UUID NOT NULL,
    seat INTEGER NOT NULL,
    nip VARCHAR(18) NOT NULL,
    name VARCHAR(500) NOT NULL,
    unit VARCHAR(500) NOT NULL,
    post VARCHAR(500) NOT NULL,
    job_level VARCHAR(20) NOT NULL,
    CONSTRAINT pk_booking PRIMARY KEY (booking_id),
    CONSTRAINT uq_booking_wave_id_employee_id UNIQUE (wave_id, employee_id),
    CONSTRAINT uq_booking_session_id_seat UNIQUE (session_id, seat),
    CONSTRAINT ck_booking_seat_is_numbered CHECK (seat > 0),
    CONSTRAINT fk_booking_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_booking_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_booking_session_id_exam_session FOREIGN KEY(session_id) REFERENCES exam_session (session_id),
    CONSTRAINT fk_booking_employee_id_employee FOREIGN KEY(employee_id) REFERENCES employee (employee_id)
);

CREATE INDEX ix_booking_employee_id ON booking (employee_id);

CREATE INDEX ix_booking_nip ON booking (nip);

CREATE TABLE consent (
    sitting_id BIGINT NOT NULL,
    version VARCHAR(40) NOT NULL,
    accepted BOOLEAN NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_consent PRIMARY KEY (sitting_id, version, accepted),
    CONSTRAINT fk_consent_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id)
);

CREATE TABLE current_placement (
    sitting_id INTEGER NOT NULL,
    definition VARCHAR(20) NOT NULL,
    inputs_sha256 VARCHAR(64) NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    employee_id UUID NOT NULL,
    rule_set VARCHAR(64) NOT NULL,
    state VARCHAR(10) NOT NULL,
    cell SMALLINT,
    chance DOUBLE PRECISION,
    near_cut BOOLEAN NOT NULL,
    rival SMALLINT,
    other_cell SMALLINT,
    open_cells SMALLINT NOT NULL,
    y INTEGER,
    x INTEGER,
    demonstration BOOLEAN NOT NULL,
    nip VARCHAR(18) NOT NULL,
    name VARCHAR(500) NOT NULL,
    unit VARCHAR(500) NOT NULL,
    post VARCHAR(500) NOT NULL,
    job_level VARCHAR(20) NOT NULL,
    birth_date DATE NOT NULL,
    CONSTRAINT pk_current_placement PRIMARY KEY (sitting_id, definition),
    CONSTRAINT fk_current_placement_placement FOREIGN KEY(sitting_id, definition, inputs_sha256) REFERENCES placement (sitting_id, definition, inputs_sha256),
    CONSTRAINT ck_current_placement_cell_is_one_of_nine CHECK (cell IS NULL OR cell BETWEEN 0 AND 8),
    CONSTRAINT ck_current_placement_a_box_has_its_chance CHECK ((cell IS NULL) = (chance IS NULL)),
    CONSTRAINT fk_current_placement_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_current_placement_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_current_placement_employee_id_employee FOREIGN KEY(employee_id) REFERENCES employee (employee_id),
    CONSTRAINT fk_current_placement_rule_set_rule_set FOREIGN KEY(rule_set) REFERENCES rule_set (sha256)
);

CREATE INDEX ix_current_placement_matrix ON current_placement (agency_id, wave_id, definition, cell, state, near_cut, unit, job_level, birth_date, rule_set, demonstration);

CREATE INDEX ix_current_placement_person ON current_placement (agency_id, wave_id, definition, employee_id, cell);

CREATE TABLE current_profile (
    sitting_id INTEGER NOT NULL,
    inputs_sha256 VARCHAR(64) NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    rule_set VARCHAR(64) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    certainty DOUBLE PRECISION,
    near_cut BOOLEAN NOT NULL,
    serious SMALLINT NOT NULL,
    match VARCHAR(40),
    potential SMALLINT,
    basis BYTEA NOT NULL,
    nip VARCHAR(18) NOT NULL,
    name VARCHAR(500) NOT NULL,
    unit VARCHAR(500) NOT NULL,
    CONSTRAINT pk_current_profile PRIMARY KEY (sitting_id),
    CONSTRAINT fk_current_profile_profile FOREIGN KEY(sitting_id, inputs_sha256) REFERENCES profile (sitting_id, inputs_sha256),
    CONSTRAINT fk_current_profile_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_current_profile_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_current_profile_rule_set_rule_set FOREIGN KEY(rule_set) REFERENCES rule_set (sha256)
);

CREATE INDEX ix_current_profile_queue ON current_profile (agency_id, wave_id, certainty, sitting_id, near_cut, serious, unit, rule_set, sha256);

CREATE TABLE duty (
    name VARCHAR(60) NOT NULL,
    due TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_duty PRIMARY KEY (name)
);

CREATE TABLE employee (
    employee_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    nip VARCHAR(18) NOT NULL,
    name VARCHAR(200) NOT NULL,
    unit_id UUID NOT NULL,
    post_title VARCHAR(200) NOT NULL,
    job_level VARCHAR(20) NOT NULL,
    grade VARCHAR(8) NOT NULL,
    status VARCHAR(4) NOT NULL,
    birth_date DATE NOT NULL,
    sex VARCHAR(1) NOT NULL,
    active BOOLEAN NOT NULL,
    import_id UUID NOT NULL,
    CONSTRAINT pk_employee PRIMARY KEY (employee_id),
    CONSTRAINT uq_employee_agency_id_nip UNIQUE (agency_id, nip),
    CONSTRAINT ck_employee_nip_has_18_digits CHECK (length(nip) = 18),
    CONSTRAINT ck_employee_job_level_is_known CHECK (job_level IN ('jpt_utama', 'jpt_madya', 'jpt_pratama', 'administrator', 'pengawas', 'pelaksana', 'ahli_utama', 'ahli_madya', 'ahli_muda', 'ahli_pertama', 'penyelia', 'mahir', 'terampil', 'pemula')),
    CONSTRAINT ck_employee_status_is_known CHECK (status IN ('PNS', 'PPPK')),
    CONSTRAINT ck_employee_sex_is_known CHECK (sex IN ('L', 'P')),
    CONSTRAINT fk_employee_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_employee_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (unit_id),
    CONSTRAINT fk_employee_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (import_id)
);

CREATE INDEX ix_employee_name ON employee (name);

CREATE INDEX ix_employee_nip ON employee (nip);

CREATE INDEX ix_employee_unit_id ON employee (unit_id);

CREATE TABLE evidence_content (
    import_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_evidence_content PRIMARY KEY (import_id),
    CONSTRAINT fk_evidence_content_import_id_evidence_import FOREIGN KEY(import_id) REFERENCES evidence_import (import_id),
    CONSTRAINT fk_evidence_content_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TABLE evidence_fact (
    fact_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    employee_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    state VARCHAR(10) NOT NULL,
    said JSONB NOT NULL,
    replaces UUID,
    import_id UUID,
    row_no INTEGER,
    basis VARCHAR(200) NOT NULL,
    reason TEXT NOT NULL,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_evidence_fact PRIMARY KEY (fact_id),
    CONSTRAINT ck_evidence_fact_state_is_known CHECK (state IN ('present', 'absent', 'taken_back')),
    CONSTRAINT ck_evidence_fact_takes_something_back CHECK (state <> 'taken_back' OR replaces IS NOT NULL),
    CONSTRAINT ck_evidence_fact_row_of_a_file CHECK ((import_id IS NULL) = (row_no IS NULL)),
    CONSTRAINT ck_evidence_fact_file_or_reason CHECK (import_id IS NOT NULL OR reason <> ''),
    CONSTRAINT fk_evidence_fact_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_evidence_fact_employee_id_employee FOREIGN KEY(employee_id) REFERENCES employee (employee_id),
    CONSTRAINT uq_evidence_fact_replaces UNIQUE (replaces),
    CONSTRAINT fk_evidence_fact_replaces_evidence_fact FOREIGN KEY(replaces) REFERENCES evidence_fact (fact_id),
    CONSTRAINT fk_evidence_fact_import_id_evidence_import FOREIGN KEY(import_id) REFERENCES evidence_import (import_id)
);

CREATE INDEX ix_evidence_fact_agency_id_employee_id ON evidence_fact (agency_id, employee_id);

CREATE INDEX ix_evidence_fact_import_id ON evidence_fact (import_id);

CREATE TRIGGER evidence_fact_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_fact FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE evidence_finding (
    import_id UUID NOT NULL,
    finding_no INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    row_no INTEGER NOT NULL,
    letter VARCHAR(3) NOT NULL,
    severity VARCHAR(8) NOT NULL,
    nip VARCHAR(200) NOT NULL,
    name VARCHAR(200) NOT NULL,
    sentence TEXT NOT NULL,
    advice TEXT NOT NULL,
    value VARCHAR(200) NOT NULL,
    CONSTRAINT pk_evidence_finding PRIMARY KEY (import_id, finding_no),
    CONSTRAINT ck_evidence_finding_severity_is_known CHECK (severity IN ('error', 'warning')),
    CONSTRAINT fk_evidence_finding_import_id_evidence_import FOREIGN KEY(import_id) REFERENCES evidence_import (import_id),
    CONSTRAINT fk_evidence_finding_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TABLE evidence_import (
    import_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    system VARCHAR(80) NOT NULL,
    year INTEGER,
    rule_set VARCHAR(64) NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_by VARCHAR(120) NOT NULL,
    accepted INTEGER NOT NULL,
    warned INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE,
    applied_by VARCHAR(120),
    CONSTRAINT pk_evidence_import PRIMARY KEY (import_id),
    CONSTRAINT ck_evidence_import_counts_not_negative CHECK (warned >= 0 AND rejected >= 0 AND recorded >= 0),
    CONSTRAINT ck_evidence_import_counted_rows_are_accepted CHECK (warned <= accepted AND recorded <= accepted),
    CONSTRAINT ck_evidence_import_applied_by_somebody CHECK ((applied_at IS NULL) = (applied_by IS NULL)),
    CONSTRAINT fk_evidence_import_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_evidence_import_rule_set_rule_set FOREIGN KEY(rule_set) REFERENCES rule_set (sha256)
);

CREATE INDEX ix_evidence_import_agency_id ON evidence_import (agency_id);

CREATE TABLE evidence_standing (
    employee_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    rule_set VARCHAR(64) NOT NULL,
    as_of DATE NOT NULL,
    facts INTEGER NOT NULL,
    states VARCHAR(20) NOT NULL,
    CONSTRAINT pk_evidence_standing PRIMARY KEY (employee_id),
    CONSTRAINT ck_evidence_standing_facts_not_negative CHECK (facts >= 0),
    CONSTRAINT fk_evidence_standing_employee_id_employee FOREIGN KEY(employee_id) REFERENCES employee (employee_id),
    CONSTRAINT fk_evidence_standing_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_evidence_standing_rule_set_rule_set FOREIGN KEY(rule_set) REFERENCES rule_set (sha256)
);

CREATE INDEX ix_evidence_standing_overview ON evidence_standing (agency_id, employee_id, rule_set, as_of, facts, states);

CREATE TABLE exam_session (
    session_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    room_id UUID NOT NULL,
    starts TIMESTAMP WITH TIME ZONE NOT NULL,
    ends TIMESTAMP WITH TIME ZONE NOT NULL,
    checkin_minutes INTEGER NOT NULL,
    pin_round INTEGER NOT NULL,
    CONSTRAINT pk_exam_session PRIMARY KEY (session_id),
    CONSTRAINT ck_exam_session_ends_after_it_starts CHECK (ends > starts),
    CONSTRAINT fk_exam_session_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_exam_session_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_exam_session_room_id_room FOREIGN KEY(room_id) REFERENCES room (room_id)
);

CREATE INDEX ix_exam_session_wave_id ON exam_session (wave_id);

CREATE TABLE form (
    form_id VARCHAR(64) NOT NULL,
    key_seal VARCHAR(64) NOT NULL,
    code VARCHAR(60) NOT NULL,
    title VARCHAR(200) NOT NULL,
    instrument VARCHAR(40) NOT NULL,
    items INTEGER NOT NULL,
    time_limit_ms INTEGER NOT NULL,
    demonstration BOOLEAN NOT NULL,
    presentation BYTEA NOT NULL,
    delivered TIMESTAMP WITH TIME ZONE NOT NULL,
    purpose VARCHAR(20) DEFAULT 'assessment' NOT NULL,
    CONSTRAINT pk_form PRIMARY KEY (form_id)
);

CREATE INDEX ix_form_code ON form (code);

CREATE TRIGGER form_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON form FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE frozen_list (
    session_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    document BYTEA NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    people INTEGER NOT NULL,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_frozen_list PRIMARY KEY (session_id),
    CONSTRAINT fk_frozen_list_session_id_exam_session FOREIGN KEY(session_id) REFERENCES exam_session (session_id),
    CONSTRAINT fk_frozen_list_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TRIGGER frozen_list_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON frozen_list FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE import_content (
    import_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_import_content PRIMARY KEY (import_id),
    CONSTRAINT fk_import_content_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (import_id),
    CONSTRAINT fk_import_content_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TABLE import_decision (
    import_id UUID NOT NULL,
    decision_no INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    question VARCHAR(80) NOT NULL,
    sentence TEXT NOT NULL,
    choice VARCHAR(120) NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by VARCHAR(120) NOT NULL,
    CONSTRAINT pk_import_decision PRIMARY KEY (import_id, decision_no),
    CONSTRAINT fk_import_decision_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (import_id),
    CONSTRAINT fk_import_decision_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE INDEX ix_import_decision_agency_id ON import_decision (agency_id);

CREATE TRIGGER import_decision_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON import_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE import_finding (
    import_id UUID NOT NULL,
    finding_no INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    row_no INTEGER NOT NULL,
    sheet VARCHAR(100) NOT NULL,
    letter VARCHAR(3) NOT NULL,
    severity VARCHAR(8) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    question VARCHAR(80) NOT NULL,
    nip VARCHAR(200) NOT NULL,
    name VARCHAR(200) NOT NULL,
    sentence TEXT NOT NULL,
    advice TEXT NOT NULL,
    value VARCHAR(200) NOT NULL,
    CONSTRAINT pk_import_finding PRIMARY KEY (import_id, finding_no),
    CONSTRAINT ck_import_finding_severity_is_known CHECK (severity IN ('error', 'question', 'warning', 'repair', 'note')),
    CONSTRAINT fk_import_finding_import_id_import_run FOREIGN KEY(import_id) REFERENCES import_run (import_id),
    CONSTRAINT fk_import_finding_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TABLE import_run (
    import_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_by VARCHAR(120) NOT NULL,
    accepted INTEGER NOT NULL,
    warned INTEGER NOT NULL,
    repaired INTEGER NOT NULL,
    held INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    questions JSONB NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE,
    applied_by VARCHAR(120),
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    CONSTRAINT pk_import_run PRIMARY KEY (import_id),
    CONSTRAINT ck_import_run_counts_not_negative CHECK (warned >= 0 AND rejected >= 0 AND created >= 0 AND changed >= 0),
    CONSTRAINT ck_import_run_warned_rows_are_accepted CHECK (warned <= accepted),
    CONSTRAINT ck_import_run_written_rows_are_accepted CHECK (created + changed <= accepted),
    CONSTRAINT ck_import_run_repaired_rows_are_accepted CHECK (repaired BETWEEN 0 AND accepted AND held >= 0),
    CONSTRAINT ck_import_run_applied_by_somebody CHECK ((applied_at IS NULL) = (applied_by IS NULL)),
    CONSTRAINT fk_import_run_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE INDEX ix_import_run_agency_id ON import_run (agency_id);

CREATE TABLE incident (
    incident_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    session_id UUID NOT NULL,
    n INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    happened TIMESTAMP WITH TIME ZONE NOT NULL,
    seats JSONB NOT NULL,
    told VARCHAR(500) NOT NULL,
    done VARCHAR(300) NOT NULL,
    minutes INTEGER NOT NULL,
    replaces UUID,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (incident_id),
    CONSTRAINT uq_incident_session_id_n UNIQUE (session_id, n),
    CONSTRAINT uq_incident_replaces UNIQUE (replaces),
    CONSTRAINT ck_incident_gives_time_back CHECK (minutes >= 0),
    CONSTRAINT fk_incident_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_incident_session_id_exam_session FOREIGN KEY(session_id) REFERENCES exam_session (session_id),
    CONSTRAINT fk_incident_replaces_incident FOREIGN KEY(replaces) REFERENCES incident (incident_id)
);

CREATE TRIGGER incident_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON incident FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE job (
    job_id SERIAL NOT NULL,
    task VARCHAR(60) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    due TIMESTAMP WITH TIME ZONE NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    tries INTEGER NOT NULL,
    done TIMESTAMP WITH TIME ZONE,
    failure TEXT NOT NULL,
    reason VARCHAR(30) DEFAULT '' NOT NULL,
    CONSTRAINT pk_job PRIMARY KEY (job_id)
);

CREATE INDEX ix_job_open ON job (task, due, job_id) WHERE done IS NULL;

CREATE UNIQUE INDEX uq_job_task_subject ON job (task, subject);

CREATE TABLE job_standard (
    standard_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    post_key VARCHAR(500) NOT NULL,
    unit_key VARCHAR(500) NOT NULL,
    post VARCHAR(500) NOT NULL,
    unit VARCHAR(500) NOT NULL,
    code VARCHAR(500) NOT NULL,
    levels JSONB NOT NULL,
    source VARCHAR(500) NOT NULL,
    since DATE NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    import_id UUID NOT NULL,
    added TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_job_standard PRIMARY KEY (standard_id),
    CONSTRAINT fk_job_standard_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_job_standard_import_id_standard_import FOREIGN KEY(import_id) REFERENCES standard_import (import_id)
);

CREATE INDEX ix_job_standard_post ON job_standard (agency_id, post_key);

CREATE TRIGGER job_standard_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON job_standard FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE key_choice (
    wave_id UUID NOT NULL,
    form_id VARCHAR(64) NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    key_seal VARCHAR(64) NOT NULL,
    proposed_by UUID NOT NULL,
    chosen_by UUID NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_key_choice PRIMARY KEY (wave_id, form_id, n),
    CONSTRAINT ck_key_choice_chosen_by_a_second_person CHECK (proposed_by <> chosen_by),
    CONSTRAINT fk_key_choice_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_key_choice_form_id_form FOREIGN KEY(form_id) REFERENCES form (form_id),
    CONSTRAINT fk_key_choice_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_key_choice_proposed_by_staff_account FOREIGN KEY(proposed_by) REFERENCES staff_account (account_id),
    CONSTRAINT fk_key_choice_chosen_by_staff_account FOREIGN KEY(chosen_by) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_key_choice_agency_id ON key_choice (agency_id);

CREATE TRIGGER key_choice_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON key_choice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE key_proposal (
    proposal_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    form_id VARCHAR(64) NOT NULL,
    key_seal VARCHAR(64) NOT NULL,
    seen VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL,
    account_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_key_proposal PRIMARY KEY (proposal_id),
    CONSTRAINT fk_key_proposal_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_key_proposal_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_key_proposal_form_id_form FOREIGN KEY(form_id) REFERENCES form (form_id),
    CONSTRAINT fk_key_proposal_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_key_proposal_agency_id ON key_proposal (agency_id);

CREATE TRIGGER key_proposal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON key_proposal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE key_proposal_end (
    proposal_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    outcome VARCHAR(10) NOT NULL,
    n INTEGER,
    reason TEXT NOT NULL,
    account_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_key_proposal_end PRIMARY KEY (proposal_id),
    CONSTRAINT ck_key_proposal_end_only_chosen_has_a_number CHECK ((outcome = 'chosen') = (n IS NOT NULL)),
    CONSTRAINT fk_key_proposal_end_proposal_id_key_proposal FOREIGN KEY(proposal_id) REFERENCES key_proposal (proposal_id),
    CONSTRAINT fk_key_proposal_end_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_key_proposal_end_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_key_proposal_end_agency_id ON key_proposal_end (agency_id);

CREATE TRIGGER key_proposal_end_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON key_proposal_end FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE key_version (
    key_seal VARCHAR(64) NOT NULL,
    form_id VARCHAR(64) NOT NULL,
    n INTEGER NOT NULL,
    replaces VARCHAR(64) NOT NULL,
    calibration VARCHAR(60) NOT NULL,
    reason TEXT NOT NULL,
    proposed_by VARCHAR(120) NOT NULL,
    approved_by VARCHAR(120) NOT NULL,
    approved TIMESTAMP WITH TIME ZONE NOT NULL,
    public_key VARCHAR(64) NOT NULL,
    signature VARCHAR(128) NOT NULL,
    delivered TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_key_version PRIMARY KEY (key_seal),
    CONSTRAINT uq_key_version_form_id_n UNIQUE (form_id, n),
    CONSTRAINT ck_key_version_approved_by_a_second_person CHECK (proposed_by <> approved_by),
    CONSTRAINT fk_key_version_form_id_form FOREIGN KEY(form_id) REFERENCES form (form_id)
);

CREATE TRIGGER key_version_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON key_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE list_amendment (
    session_id UUID NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    nip VARCHAR(18) NOT NULL,
    name VARCHAR(500) NOT NULL,
    seat INTEGER NOT NULL,
    reason VARCHAR(200) NOT NULL,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_list_amendment PRIMARY KEY (session_id, n),
    CONSTRAINT fk_list_amendment_session_id_frozen_list FOREIGN KEY(session_id) REFERENCES frozen_list (session_id),
    CONSTRAINT fk_list_amendment_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TRIGGER list_amendment_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON list_amendment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE one_time_link (
    link_hash VARCHAR(64) NOT NULL,
    account_id UUID NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    expires TIMESTAMP WITH TIME ZONE NOT NULL,
    used TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_one_time_link PRIMARY KEY (link_hash),
    CONSTRAINT ck_one_time_link_expires_after_created CHECK (expires > created),
    CONSTRAINT fk_one_time_link_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_one_time_link_account_id ON one_time_link (account_id);

CREATE TABLE payroll_act (
    agency_id UUID NOT NULL,
    key VARCHAR(64) NOT NULL,
    n INTEGER NOT NULL,
    check_id UUID NOT NULL,
    finding_no INTEGER NOT NULL,
    state VARCHAR(12) NOT NULL,
    note TEXT NOT NULL,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_payroll_act PRIMARY KEY (agency_id, key, n),
    CONSTRAINT fk_payroll_act_check_id_finding_no_payroll_finding FOREIGN KEY(check_id, finding_no) REFERENCES payroll_finding (check_id, finding_no),
    CONSTRAINT ck_payroll_act_state_is_known CHECK (state IN ('dikonfirmasi', 'dibantah', 'diperbaiki')),
    CONSTRAINT fk_payroll_act_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TRIGGER payroll_act_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON payroll_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE payroll_check (
    check_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    n INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by VARCHAR(120) NOT NULL,
    personnel_name VARCHAR(200) NOT NULL,
    personnel_sha256 VARCHAR(64) NOT NULL,
    payroll_name VARCHAR(200) NOT NULL,
    payroll_sha256 VARCHAR(64) NOT NULL,
    day DATE NOT NULL,
    rule_set VARCHAR(64),
    input_sha256 VARCHAR(64) NOT NULL,
    people INTEGER NOT NULL,
    payees INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    document JSONB NOT NULL,
    CONSTRAINT pk_payroll_check PRIMARY KEY (check_id),
    CONSTRAINT uq_payroll_check_agency_id_n UNIQUE (agency_id, n),
    CONSTRAINT ck_payroll_check_counts_not_negative CHECK (n > 0 AND people >= 0 AND payees >= 0 AND findings >= 0),
    CONSTRAINT fk_payroll_check_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_payroll_check_rule_set_rule_set FOREIGN KEY(rule_set) REFERENCES rule_set (sha256)
);

CREATE TRIGGER payroll_check_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON payroll_check FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE payroll_finding (
    check_id UUID NOT NULL,
    finding_no INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    key VARCHAR(64) NOT NULL,
    rule VARCHAR(3) NOT NULL,
    severity VARCHAR(6) NOT NULL,
    nip VARCHAR(18) NOT NULL,
    name VARCHAR(200) NOT NULL,
    unit VARCHAR(200) NOT NULL,
    left_value TEXT NOT NULL,
    left_where VARCHAR(60) NOT NULL,
    left_day DATE,
    right_value TEXT NOT NULL,
    right_where VARCHAR(60) NOT NULL,
    right_day DATE,
    sentence TEXT NOT NULL,
    advice TEXT NOT NULL,
    CONSTRAINT pk_payroll_finding PRIMARY KEY (check_id, finding_no),
    CONSTRAINT ck_payroll_finding_rule_is_known CHECK (rule IN ('R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11')),
    CONSTRAINT ck_payroll_finding_severity_is_known CHECK (severity IN ('high', 'medium', 'low')),
    CONSTRAINT fk_payroll_finding_check_id_payroll_check FOREIGN KEY(check_id) REFERENCES payroll_check (check_id),
    CONSTRAINT fk_payroll_finding_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE INDEX ix_payroll_finding_key ON payroll_finding (check_id, key);

CREATE TRIGGER payroll_finding_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON payroll_finding FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE placement (
    sitting_id INTEGER NOT NULL,
    definition VARCHAR(20) NOT NULL,
    inputs_sha256 VARCHAR(64) NOT NULL,
    profile_inputs VARCHAR(64) NOT NULL,
    signed_sha256 VARCHAR(64),
    rule_set VARCHAR(64) NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    state VARCHAR(10) NOT NULL,
    box INTEGER,
    document JSONB NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    placed TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_placement PRIMARY KEY (sitting_id, definition, inputs_sha256),
    CONSTRAINT fk_placement_sitting_id_profile_inputs_profile FOREIGN KEY(sitting_id, profile_inputs) REFERENCES profile (sitting_id, inputs_sha256),
    CONSTRAINT ck_placement_definition_is_known CHECK (definition IN ('profiling', 'talent')),
    CONSTRAINT ck_placement_state_is_known CHECK (state IN ('proposed', 'signed')),
    CONSTRAINT ck_placement_signed_by_a_result CHECK ((state = 'signed') = (signed_sha256 IS NOT NULL)),
    CONSTRAINT fk_placement_rule_set_rule_set FOREIGN KEY(rule_set) REFERENCES rule_set (sha256),
    CONSTRAINT fk_placement_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_placement_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id)
);

CREATE INDEX ix_placement_agency_id ON placement (agency_id);

CREATE INDEX ix_placement_wave_id ON placement (wave_id);

CREATE TRIGGER placement_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON placement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE profile (
    sitting_id BIGINT NOT NULL,
    inputs_sha256 VARCHAR(64) NOT NULL,
    agency_id UUID NOT NULL,
    rule_set VARCHAR(64) NOT NULL,
    document JSONB NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    made TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_profile PRIMARY KEY (sitting_id, inputs_sha256),
    CONSTRAINT fk_profile_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT fk_profile_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_profile_rule_set_rule_set FOREIGN KEY(rule_set) REFERENCES rule_set (sha256)
);

CREATE INDEX ix_profile_agency_id ON profile (agency_id);

CREATE TRIGGER profile_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON profile FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE report (
    number VARCHAR(80) NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    sitting_id BIGINT NOT NULL,
    year INTEGER NOT NULL,
    wave_no INTEGER NOT NULL,
    n INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    replaces VARCHAR(80),
    signed_n INTEGER NOT NULL,
    profiling_inputs VARCHAR(64) NOT NULL,
    talent_inputs VARCHAR(64) NOT NULL,
    code VARCHAR(20) NOT NULL,
    document BYTEA NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    valid_until DATE NOT NULL,
    issued TIMESTAMP WITH TIME ZONE NOT NULL,
    issued_by UUID NOT NULL,
    CONSTRAINT pk_report PRIMARY KEY (number),
    CONSTRAINT uq_report_agency_id_year_wave_no_n UNIQUE (agency_id, year, wave_no, n),
    CONSTRAINT uq_report_sitting_id_edition UNIQUE (sitting_id, edition),
    CONSTRAINT fk_report_sitting_id_signed_n_signed_result FOREIGN KEY(sitting_id, signed_n) REFERENCES signed_result (sitting_id, n),
    CONSTRAINT ck_report_counts_from_1 CHECK (n > 0 AND wave_no > 0 AND edition > 0),
    CONSTRAINT ck_report_only_the_first_replaces_none CHECK ((edition = 1) = (replaces IS NULL)),
    CONSTRAINT fk_report_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_report_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_report_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT uq_report_replaces UNIQUE (replaces),
    CONSTRAINT fk_report_replaces_report FOREIGN KEY(replaces) REFERENCES report (number),
    CONSTRAINT uq_report_code UNIQUE (code),
    CONSTRAINT fk_report_issued_by_staff_account FOREIGN KEY(issued_by) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_report_wave_id ON report (wave_id);

CREATE TRIGGER report_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON report FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE report_request (
    sitting_id BIGINT NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    account_id UUID NOT NULL,
    asked TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_report_request PRIMARY KEY (sitting_id),
    CONSTRAINT fk_report_request_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT fk_report_request_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_report_request_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_report_request_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_report_request_agency_id ON report_request (agency_id);

CREATE TABLE rescored_profile (
    sitting_id INTEGER NOT NULL,
    key_seal VARCHAR(64) NOT NULL,
    beside VARCHAR(64) NOT NULL,
    inputs_sha256 VARCHAR(64) NOT NULL,
    agency_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    rule_set VARCHAR(64) NOT NULL,
    document JSONB NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    change JSONB NOT NULL,
    consequence INTEGER NOT NULL,
    made TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rescored_profile PRIMARY KEY (sitting_id, key_seal, beside),
    CONSTRAINT fk_rescored_profile_sitting_id_beside_profile FOREIGN KEY(sitting_id, beside) REFERENCES profile (sitting_id, inputs_sha256),
    CONSTRAINT fk_rescored_profile_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_rescored_profile_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_rescored_profile_rule_set_rule_set FOREIGN KEY(rule_set) REFERENCES rule_set (sha256)
);

CREATE INDEX ix_rescored_profile_agency_id ON rescored_profile (agency_id);

CREATE INDEX ix_rescored_profile_wave ON rescored_profile (wave_id, key_seal);

CREATE TRIGGER rescored_profile_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON rescored_profile FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE review_draft (
    sitting_id BIGINT NOT NULL,
    account_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    profile_sha256 VARCHAR(64) NOT NULL,
    document JSONB NOT NULL,
    saved TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_review_draft PRIMARY KEY (sitting_id, account_id),
    CONSTRAINT fk_review_draft_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT fk_review_draft_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id),
    CONSTRAINT fk_review_draft_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE INDEX ix_review_draft_agency_id ON review_draft (agency_id);

CREATE TABLE review_lease (
    sitting_id BIGINT NOT NULL,
    agency_id UUID NOT NULL,
    account_id UUID NOT NULL,
    taken BOOLEAN NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_review_lease PRIMARY KEY (sitting_id),
    CONSTRAINT fk_review_lease_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT fk_review_lease_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_review_lease_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_review_lease_agency_id ON review_lease (agency_id);

CREATE TABLE review_step (
    sitting_id BIGINT NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    account_id UUID NOT NULL,
    profile_sha256 VARCHAR(64) NOT NULL,
    document JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_review_step PRIMARY KEY (sitting_id, n),
    CONSTRAINT ck_review_step_kind_is_known CHECK (kind IN ('submitted', 'approved', 'sent_back', 'reassess', 'signed')),
    CONSTRAINT fk_review_step_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT fk_review_step_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_review_step_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_review_step_agency_id ON review_step (agency_id);

CREATE TRIGGER review_step_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON review_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE room (
    room_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    name VARCHAR(80) NOT NULL,
    site VARCHAR(120) NOT NULL,
    timezone VARCHAR(40) NOT NULL,
    seats INTEGER NOT NULL,
    CONSTRAINT pk_room PRIMARY KEY (room_id),
    CONSTRAINT uq_room_agency_id_site_name UNIQUE (agency_id, site, name),
    CONSTRAINT ck_room_has_seats CHECK (seats > 0),
    CONSTRAINT fk_room_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TABLE rule_act (
    draft_id UUID NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    why TEXT NOT NULL,
    CONSTRAINT pk_rule_act PRIMARY KEY (draft_id, n),
    CONSTRAINT fk_rule_act_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_rule_act_sha256_rule_set FOREIGN KEY(sha256) REFERENCES rule_set (sha256)
);

CREATE INDEX ix_rule_act_agency_id ON rule_act (agency_id);

CREATE TRIGGER rule_act_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE rule_set (
    sha256 VARCHAR(64) NOT NULL,
    name VARCHAR(80) NOT NULL,
    effective TIMESTAMP WITH TIME ZONE NOT NULL,
    document JSONB NOT NULL,
    CONSTRAINT pk_rule_set PRIMARY KEY (sha256)
);

CREATE INDEX ix_rule_set_name ON rule_set (name);

CREATE TRIGGER rule_set_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_set FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE score (
    attempt_id BIGINT NOT NULL,
    key_seal VARCHAR(64) NOT NULL,
    engine_version VARCHAR(20) NOT NULL,
    sheet_sha256 VARCHAR(64) NOT NULL,
    body BYTEA NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    scored TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_score PRIMARY KEY (attempt_id, key_seal, engine_version),
    CONSTRAINT fk_score_attempt_id_attempt FOREIGN KEY(attempt_id) REFERENCES attempt (attempt_id)
);

CREATE TRIGGER score_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON score FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE seal_key (
    key_id VARCHAR(32) NOT NULL,
    pem TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_seal_key PRIMARY KEY (key_id)
);

CREATE TRIGGER seal_key_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON seal_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sealed_sheet (
    attempt_id BIGINT NOT NULL,
    agency_id UUID NOT NULL,
    session_id UUID NOT NULL,
    n INTEGER NOT NULL,
    place INTEGER NOT NULL,
    CONSTRAINT pk_sealed_sheet PRIMARY KEY (attempt_id),
    CONSTRAINT uq_sealed_sheet_session_id_place UNIQUE (session_id, place),
    CONSTRAINT fk_sealed_sheet_session_id_n_session_seal FOREIGN KEY(session_id, n) REFERENCES session_seal (session_id, n),
    CONSTRAINT ck_sealed_sheet_place_counts_from_0 CHECK (place >= 0),
    CONSTRAINT fk_sealed_sheet_attempt_id_sheet FOREIGN KEY(attempt_id) REFERENCES sheet (attempt_id),
    CONSTRAINT fk_sealed_sheet_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TRIGGER sealed_sheet_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_sheet FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE seat_move (
    move_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    n INTEGER NOT NULL,
    from_session UUID NOT NULL,
    from_seat INTEGER NOT NULL,
    to_session UUID NOT NULL,
    to_seat INTEGER NOT NULL,
    epoch INTEGER,
    reason VARCHAR(150) NOT NULL,
    by VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_seat_move PRIMARY KEY (move_id),
    CONSTRAINT uq_seat_move_booking_id_n UNIQUE (booking_id, n),
    CONSTRAINT ck_seat_move_seats_are_numbered CHECK (from_seat > 0 AND to_seat > 0),
    CONSTRAINT fk_seat_move_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_seat_move_booking_id_booking FOREIGN KEY(booking_id) REFERENCES booking (booking_id),
    CONSTRAINT fk_seat_move_from_session_exam_session FOREIGN KEY(from_session) REFERENCES exam_session (session_id),
    CONSTRAINT fk_seat_move_to_session_exam_session FOREIGN KEY(to_session) REFERENCES exam_session (session_id)
);

CREATE INDEX ix_seat_move_from_session ON seat_move (from_session);

CREATE INDEX ix_seat_move_to_session ON seat_move (to_session);

CREATE TRIGGER seat_move_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON seat_move FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE session_seal (
    session_id UUID NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    size INTEGER NOT NULL,
    root VARCHAR(64) NOT NULL,
    record BYTEA NOT NULL,
    signature VARCHAR(128) NOT NULL,
    key_id VARCHAR(32) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    replaces VARCHAR(64),
    CONSTRAINT pk_session_seal PRIMARY KEY (session_id, n),
    CONSTRAINT ck_session_seal_counts CHECK (n > 0 AND size >= 0),
    CONSTRAINT fk_session_seal_session_id_exam_session FOREIGN KEY(session_id) REFERENCES exam_session (session_id),
    CONSTRAINT fk_session_seal_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_session_seal_key_id_seal_key FOREIGN KEY(key_id) REFERENCES seal_key (key_id)
);

CREATE TRIGGER session_seal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON session_seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sheet (
    attempt_id BIGINT NOT NULL,
    form_id VARCHAR(64) NOT NULL,
    key_seal VARCHAR(64) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    body BYTEA NOT NULL,
    answered INTEGER NOT NULL,
    items INTEGER NOT NULL,
    sealed TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sheet PRIMARY KEY (attempt_id),
    CONSTRAINT fk_sheet_attempt_id_attempt FOREIGN KEY(attempt_id) REFERENCES attempt (attempt_id)
);

CREATE TRIGGER sheet_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON sheet FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE signed_result (
    sitting_id BIGINT NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    profile_inputs VARCHAR(64) NOT NULL,
    document JSONB NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    signed_by UUID NOT NULL,
    approved_by UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    replaces INTEGER,
    CONSTRAINT pk_signed_result PRIMARY KEY (sitting_id, n),
    CONSTRAINT ck_signed_result_only_the_first_replaces_none CHECK ((n = 1) = (replaces IS NULL)),
    CONSTRAINT ck_signed_result_replaces_the_one_before CHECK (replaces IS NULL OR replaces = n - 1),
    CONSTRAINT ck_signed_result_approved_by_a_second_person CHECK (approved_by IS NULL OR approved_by <> signed_by),
    CONSTRAINT fk_signed_result_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT fk_signed_result_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_signed_result_signed_by_staff_account FOREIGN KEY(signed_by) REFERENCES staff_account (account_id),
    CONSTRAINT fk_signed_result_approved_by_staff_account FOREIGN KEY(approved_by) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_signed_result_agency_id ON signed_result (agency_id);

CREATE TRIGGER signed_result_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON signed_result FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE sitting (
    sitting_id BIGSERIAL NOT NULL,
    agency_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    wave_id UUID NOT NULL,
    epoch INTEGER NOT NULL,
    device VARCHAR(80) NOT NULL,
    signed_in TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sitting PRIMARY KEY (sitting_id),
    CONSTRAINT ck_sitting_epoch_counts_devices CHECK (epoch > 0),
    CONSTRAINT fk_sitting_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT uq_sitting_booking_id UNIQUE (booking_id),
    CONSTRAINT fk_sitting_booking_id_booking FOREIGN KEY(booking_id) REFERENCES booking (booking_id),
    CONSTRAINT fk_sitting_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id)
);

CREATE INDEX ix_sitting_wave_id ON sitting (wave_id);

CREATE TABLE sitting_contact (
    sitting_id BIGINT NOT NULL,
    heard_ms BIGINT NOT NULL,
    CONSTRAINT pk_sitting_contact PRIMARY KEY (sitting_id)
);

CREATE TABLE sitting_event (
    event_id BIGSERIAL NOT NULL,
    sitting_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind VARCHAR(30) NOT NULL,
    note VARCHAR(200) NOT NULL,
    CONSTRAINT pk_sitting_event PRIMARY KEY (event_id),
    CONSTRAINT fk_sitting_event_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id)
);

CREATE INDEX ix_sitting_event_sitting_id ON sitting_event (sitting_id);

CREATE TRIGGER sitting_event_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON sitting_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE staff_account (
    account_id UUID NOT NULL,
    agency_id UUID,
    sign_in_name VARCHAR(80) NOT NULL,
    full_name VARCHAR(200) NOT NULL,
    password_hash VARCHAR(200),
    totp_secret BYTEA,
    totp_last_step INTEGER,
    failed_count INTEGER NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    active BOOLEAN NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_staff_account PRIMARY KEY (account_id),
    CONSTRAINT ck_staff_account_failed_count_not_negative CHECK (failed_count >= 0),
    CONSTRAINT ck_staff_account_sign_in_name_is_lower_case CHECK (sign_in_name = lower(sign_in_name)),
    CONSTRAINT fk_staff_account_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT uq_staff_account_sign_in_name UNIQUE (sign_in_name)
);

CREATE INDEX ix_staff_account_agency_id ON staff_account (agency_id);

CREATE TABLE staff_role (
    account_id UUID NOT NULL,
    role VARCHAR(40) NOT NULL,
    CONSTRAINT pk_staff_role PRIMARY KEY (account_id, role),
    CONSTRAINT ck_staff_role_role_is_known CHECK (role IN ('bkd_admin', 'proctor', 'assessor', 'talent_committee', 'item_author', 'psychometrician', 'auditor', 'system_admin', 'participant')),
    CONSTRAINT fk_staff_role_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE TABLE staff_session (
    session_hash VARCHAR(64) NOT NULL,
    account_id UUID NOT NULL,
    whole BOOLEAN NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen TIMESTAMP WITH TIME ZONE NOT NULL,
    ended TIMESTAMP WITH TIME ZONE,
    origin VARCHAR(64) NOT NULL,
    browser VARCHAR(120) NOT NULL,
    CONSTRAINT pk_staff_session PRIMARY KEY (session_hash),
    CONSTRAINT ck_staff_session_seen_after_created CHECK (last_seen >= created),
    CONSTRAINT ck_staff_session_ended_after_created CHECK (ended IS NULL OR ended >= created),
    CONSTRAINT fk_staff_session_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_staff_session_account_id ON staff_session (account_id);

CREATE TABLE standard_import (
    import_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    content BYTEA NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_by VARCHAR(120) NOT NULL,
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    added INTEGER NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE,
    applied_by VARCHAR(120),
    CONSTRAINT pk_standard_import PRIMARY KEY (import_id),
    CONSTRAINT ck_standard_import_counts_not_negative CHECK (accepted >= 0 AND rejected >= 0 AND added >= 0),
    CONSTRAINT ck_standard_import_applied_by_somebody CHECK ((applied_at IS NULL) = (applied_by IS NULL)),
    CONSTRAINT fk_standard_import_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE INDEX ix_standard_import_agency_id ON standard_import (agency_id);

CREATE TABLE succession_act (
    post_id UUID NOT NULL,
    employee_id UUID NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    kind VARCHAR(10) NOT NULL,
    sitting_id BIGINT NOT NULL,
    proposed_by UUID NOT NULL,
    account_id UUID NOT NULL,
    reason TEXT NOT NULL,
    document JSONB NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_succession_act PRIMARY KEY (post_id, employee_id, n),
    CONSTRAINT ck_succession_act_kind_is_known CHECK (kind IN ('proposed', 'taken', 'not_taken', 'withdrawn', 'taken_out')),
    CONSTRAINT ck_succession_act_decided_by_a_second_person CHECK ((kind IN ('proposed', 'withdrawn')) = (account_id = proposed_by)),
    CONSTRAINT fk_succession_act_post_id_target_post FOREIGN KEY(post_id) REFERENCES target_post (post_id),
    CONSTRAINT fk_succession_act_employee_id_employee FOREIGN KEY(employee_id) REFERENCES employee (employee_id),
    CONSTRAINT fk_succession_act_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_succession_act_sitting_id_sitting FOREIGN KEY(sitting_id) REFERENCES sitting (sitting_id),
    CONSTRAINT fk_succession_act_proposed_by_staff_account FOREIGN KEY(proposed_by) REFERENCES staff_account (account_id),
    CONSTRAINT fk_succession_act_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_succession_act_person ON succession_act (agency_id, employee_id);

CREATE TRIGGER succession_act_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON succession_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE target_post (
    post_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    post VARCHAR(200) NOT NULL,
    unit VARCHAR(200) NOT NULL,
    post_key VARCHAR(200) NOT NULL,
    unit_key VARCHAR(200) NOT NULL,
    job_level VARCHAR(20) NOT NULL,
    pool VARCHAR(10) NOT NULL,
    account_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_target_post PRIMARY KEY (post_id),
    CONSTRAINT ck_target_post_job_level_is_known CHECK (job_level IN ('jpt_utama', 'jpt_madya', 'jpt_pratama', 'administrator', 'pengawas', 'pelaksana', 'ahli_utama', 'ahli_madya', 'ahli_muda', 'ahli_pertama', 'penyelia', 'mahir', 'terampil', 'pemula')),
    CONSTRAINT ck_target_post_pool_is_known CHECK (pool IN ('agency', 'national')),
    CONSTRAINT fk_target_post_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_target_post_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_target_post_name ON target_post (agency_id, post_key, unit_key);

CREATE TRIGGER target_post_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON target_post FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE target_post_end (
    post_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    reason TEXT NOT NULL,
    account_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_target_post_end PRIMARY KEY (post_id),
    CONSTRAINT fk_target_post_end_post_id_target_post FOREIGN KEY(post_id) REFERENCES target_post (post_id),
    CONSTRAINT fk_target_post_end_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_target_post_end_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_target_post_end_agency_id ON target_post_end (agency_id);

CREATE TRIGGER target_post_end_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON target_post_end FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE technical_fit (
    post_id UUID NOT NULL,
    employee_id UUID NOT NULL,
    n INTEGER NOT NULL,
    agency_id UUID NOT NULL,
    hundredths INTEGER NOT NULL,
    basis VARCHAR(200) NOT NULL,
    account_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_technical_fit PRIMARY KEY (post_id, employee_id, n),
    CONSTRAINT ck_technical_fit_lies_between_0_and_100 CHECK (hundredths BETWEEN 0 AND 10000),
    CONSTRAINT fk_technical_fit_post_id_target_post FOREIGN KEY(post_id) REFERENCES target_post (post_id),
    CONSTRAINT fk_technical_fit_employee_id_employee FOREIGN KEY(employee_id) REFERENCES employee (employee_id),
    CONSTRAINT fk_technical_fit_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_technical_fit_account_id_staff_account FOREIGN KEY(account_id) REFERENCES staff_account (account_id)
);

CREATE INDEX ix_technical_fit_agency_id ON technical_fit (agency_id);

CREATE TRIGGER technical_fit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON technical_fit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE time_entry (
    entry_id BIGSERIAL NOT NULL,
    attempt_id BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    ms BIGINT NOT NULL,
    by VARCHAR(120) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_time_entry PRIMARY KEY (entry_id),
    CONSTRAINT fk_time_entry_attempt_id_attempt FOREIGN KEY(attempt_id) REFERENCES attempt (attempt_id)
);

CREATE INDEX ix_time_entry_attempt_id ON time_entry (attempt_id);

CREATE TRIGGER time_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON time_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE unit (
    unit_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    parent_id UUID,
    name VARCHAR(200) NOT NULL,
    path_key VARCHAR(600) NOT NULL,
    CONSTRAINT pk_unit PRIMARY KEY (unit_id),
    CONSTRAINT uq_unit_agency_id_path_key UNIQUE (agency_id, path_key),
    CONSTRAINT fk_unit_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id),
    CONSTRAINT fk_unit_parent_id_unit FOREIGN KEY(parent_id) REFERENCES unit (unit_id)
);

CREATE INDEX ix_unit_parent_id ON unit (parent_id);

CREATE TABLE wave (
    wave_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    purpose VARCHAR(40) NOT NULL,
    consent_version VARCHAR(40) NOT NULL,
    grace_ms INTEGER NOT NULL,
    demonstration BOOLEAN NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_wave PRIMARY KEY (wave_id),
    CONSTRAINT ck_wave_grace_is_no_debt CHECK (grace_ms >= 0),
    CONSTRAINT fk_wave_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE INDEX ix_wave_agency_id ON wave (agency_id);

CREATE TABLE wave_browser (
    wave_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    policy VARCHAR(10) NOT NULL,
    address VARCHAR(200) NOT NULL,
    file BYTEA NOT NULL,
    config_key VARCHAR(64) NOT NULL,
    exam_keys TEXT NOT NULL,
    changed TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_wave_browser PRIMARY KEY (wave_id),
    CONSTRAINT fk_wave_browser_wave_id_wave FOREIGN KEY(wave_id) REFERENCES wave (wave_id),
    CONSTRAINT fk_wave_browser_agency_id_agency FOREIGN KEY(agency_id) REFERENCES agency (agency_id)
);

CREATE TABLE withdrawn_form (
    form_id VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_withdrawn_form PRIMARY KEY (form_id),
    CONSTRAINT fk_withdrawn_form_form_id_form FOREIGN KEY(form_id) REFERENCES form (form_id)
);

CREATE TRIGGER withdrawn_form_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON withdrawn_form FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
