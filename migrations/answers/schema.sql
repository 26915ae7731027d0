-- The answers store as the newest migration leaves it, in PostgreSQL's words. For people to read:
-- migrations make the store, `make schema` writes this file, and a test compares it with the models.

CREATE TABLE answer_event (
    sitting_id BIGINT NOT NULL,
    epoch INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    attempt_id BIGINT NOT NULL,
    item VARCHAR(60) NOT NULL,
    response TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    spent_ms BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    standing INTEGER NOT NULL,
    recovered BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_answer_event PRIMARY KEY (sitting_id, epoch, seq)
);

CREATE INDEX ix_answer_event_attempt ON answer_event (attempt_id);

CREATE TRIGGER answer_event_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON answer_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE attempt_gate (
    attempt_id BIGINT NOT NULL,
    epoch INTEGER NOT NULL,
    deadline_ms BIGINT NOT NULL,
    grace_ms BIGINT NOT NULL,
    closed BOOLEAN NOT NULL,
    CONSTRAINT pk_attempt_gate PRIMARY KEY (attempt_id)
);
