-- The vault store as the newest migration leaves it, in PostgreSQL's words. For people to read:
-- migrations make the store, `make schema` writes this file, and a test compares it with the models.

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

CREATE TABLE answer_key (
    key_seal VARCHAR(64) NOT NULL,
    document BYTEA NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_answer_key PRIMARY KEY (key_seal)
);

CREATE TRIGGER answer_key_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON answer_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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

CREATE TABLE calibration (
    name VARCHAR(60) NOT NULL,
    source VARCHAR(20) NOT NULL,
    sample TEXT NOT NULL,
    persons INTEGER NOT NULL,
    engine VARCHAR(20) NOT NULL,
    made TIMESTAMP WITH TIME ZONE NOT NULL,
    who VARCHAR(120) NOT NULL,
    kept TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_calibration PRIMARY KEY (name)
);

CREATE TRIGGER calibration_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON calibration FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE correction_decision (
    correction_id UUID NOT NULL,
    form_id VARCHAR(64) NOT NULL,
    n INTEGER,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    who VARCHAR(120) NOT NULL,
    reason TEXT NOT NULL,
    public_key VARCHAR(64),
    signature VARCHAR(128),
    CONSTRAINT pk_correction_decision PRIMARY KEY (correction_id),
    CONSTRAINT uq_correction_decision_form_id_n UNIQUE (form_id, n),
    CONSTRAINT ck_correction_decision_approved_is_signed CHECK ((n IS NULL) = (signature IS NULL)),
    CONSTRAINT fk_correction_decision_correction_id_key_correction FOREIGN KEY(correction_id) REFERENCES key_correction (correction_id),
    CONSTRAINT fk_correction_decision_form_id_published_form FOREIGN KEY(form_id) REFERENCES published_form (form_id)
);

CREATE TRIGGER correction_decision_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON correction_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE form_exposure (
    form_id VARCHAR(64) NOT NULL,
    attempts INTEGER NOT NULL,
    counted TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_form_exposure PRIMARY KEY (form_id),
    CONSTRAINT fk_form_exposure_form_id_published_form FOREIGN KEY(form_id) REFERENCES published_form (form_id)
);

CREATE TABLE form_item (
    form_id VARCHAR(64) NOT NULL,
    position INTEGER NOT NULL,
    item_id VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    calibration VARCHAR(60) NOT NULL,
    CONSTRAINT pk_form_item PRIMARY KEY (form_id, position),
    CONSTRAINT fk_form_item_form_id_published_form FOREIGN KEY(form_id) REFERENCES published_form (form_id)
);

CREATE INDEX ix_form_item_item ON form_item (item_id, version);

CREATE TRIGGER form_item_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON form_item FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE form_proposal (
    proposal_id UUID NOT NULL,
    code VARCHAR(60) NOT NULL,
    title VARCHAR(200) NOT NULL,
    instrument VARCHAR(40) NOT NULL,
    source VARCHAR(200) NOT NULL,
    draft BYTEA NOT NULL,
    items JSONB NOT NULL,
    who VARCHAR(120) NOT NULL,
    made TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_form_proposal PRIMARY KEY (proposal_id)
);

CREATE INDEX ix_form_proposal_code ON form_proposal (code);

CREATE TRIGGER form_proposal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON form_proposal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE form_signature (
    form_id VARCHAR(64) NOT NULL,
    public_key VARCHAR(64) NOT NULL,
    signature VARCHAR(128) NOT NULL,
    CONSTRAINT pk_form_signature PRIMARY KEY (form_id),
    CONSTRAINT fk_form_signature_form_id_published_form FOREIGN KEY(form_id) REFERENCES published_form (form_id)
);

CREATE TRIGGER form_signature_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON form_signature FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE form_withdrawal (
    form_id VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    who VARCHAR(120) NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_form_withdrawal PRIMARY KEY (form_id),
    CONSTRAINT fk_form_withdrawal_form_id_published_form FOREIGN KEY(form_id) REFERENCES published_form (form_id)
);

CREATE TRIGGER form_withdrawal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON form_withdrawal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE item_estimate (
    calibration VARCHAR(60) NOT NULL,
    item_id VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    document BYTEA NOT NULL,
    CONSTRAINT pk_item_estimate PRIMARY KEY (calibration, item_id, version),
    CONSTRAINT fk_item_estimate_item_id_version_item_version FOREIGN KEY(item_id, version) REFERENCES item_version (item_id, version),
    CONSTRAINT fk_item_estimate_calibration_calibration FOREIGN KEY(calibration) REFERENCES calibration (name)
);

CREATE TRIGGER item_estimate_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON item_estimate FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE item_event (
    event_no BIGSERIAL NOT NULL,
    item_id VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    who VARCHAR(120) NOT NULL,
    act VARCHAR(20) NOT NULL,
    aspect VARCHAR(20) NOT NULL,
    note TEXT NOT NULL,
    state VARCHAR(20) NOT NULL,
    CONSTRAINT pk_item_event PRIMARY KEY (event_no),
    CONSTRAINT fk_item_event_item_id_version_item_version FOREIGN KEY(item_id, version) REFERENCES item_version (item_id, version)
);

CREATE INDEX ix_item_event_version ON item_event (item_id, version);

CREATE TRIGGER item_event_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON item_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE item_version (
    item_id VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    instrument VARCHAR(40) NOT NULL,
    constructs VARCHAR(300) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    facet VARCHAR(60) NOT NULL,
    topic VARCHAR(80) NOT NULL,
    demonstration BOOLEAN NOT NULL,
    searchable TEXT NOT NULL,
    face BYTEA NOT NULL,
    author VARCHAR(120) NOT NULL,
    written TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_item_version PRIMARY KEY (item_id, version)
);

CREATE INDEX ix_item_version_instrument ON item_version (instrument);

CREATE TRIGGER item_version_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON item_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE item_version_key (
    item_id VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    document BYTEA NOT NULL,
    CONSTRAINT pk_item_version_key PRIMARY KEY (item_id, version),
    CONSTRAINT fk_item_version_key_item_id_version_item_version FOREIGN KEY(item_id, version) REFERENCES item_version (item_id, version)
);

CREATE TRIGGER item_version_key_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON item_version_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE key_correction (
    correction_id UUID NOT NULL,
    form_id VARCHAR(64) NOT NULL,
    replaces VARCHAR(64) NOT NULL,
    key_seal VARCHAR(64) NOT NULL,
    document BYTEA NOT NULL,
    calibration VARCHAR(60) NOT NULL,
    reason TEXT NOT NULL,
    who VARCHAR(120) NOT NULL,
    made TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_key_correction PRIMARY KEY (correction_id),
    CONSTRAINT fk_key_correction_form_id_published_form FOREIGN KEY(form_id) REFERENCES published_form (form_id)
);

CREATE INDEX ix_key_correction_form_id ON key_correction (form_id);

CREATE TRIGGER key_correction_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON key_correction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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

CREATE TABLE proposal_decision (
    proposal_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    who VARCHAR(120) NOT NULL,
    form_id VARCHAR(64),
    reason TEXT NOT NULL,
    CONSTRAINT pk_proposal_decision PRIMARY KEY (proposal_id),
    CONSTRAINT fk_proposal_decision_proposal_id_form_proposal FOREIGN KEY(proposal_id) REFERENCES form_proposal (proposal_id),
    CONSTRAINT fk_proposal_decision_form_id_published_form FOREIGN KEY(form_id) REFERENCES published_form (form_id)
);

CREATE TRIGGER proposal_decision_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON proposal_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE published_form (
    form_id VARCHAR(64) NOT NULL,
    key_seal VARCHAR(64) NOT NULL,
    code VARCHAR(60) NOT NULL,
    title VARCHAR(200) NOT NULL,
    instrument VARCHAR(40) NOT NULL,
    document BYTEA NOT NULL,
    published TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_published_form PRIMARY KEY (form_id)
);

CREATE INDEX ix_published_form_code ON published_form (code);

CREATE TRIGGER published_form_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON published_form FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
