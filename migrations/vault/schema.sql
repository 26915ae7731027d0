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

CREATE INDEX ix_audit_entry_agency_id ON audit_entry (agency_id);

CREATE TRIGGER audit_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
