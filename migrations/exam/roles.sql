-- What each process may do in the exam store (answers included). Run by `proasn roles`; safe to repeat.
-- Passwords and who may connect from where are the database administrator's: pg_hba.conf and ALTER ROLE.
DO $$
DECLARE role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['pro_asn_exam', 'pro_asn_office', 'pro_asn_worker', 'pro_asn_vault'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I LOGIN', role_name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- it is there already, or another installation of this cluster made it just now
        END;
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO pro_asn_exam, pro_asn_office, pro_asn_worker', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO pro_asn_exam, pro_asn_office, pro_asn_worker;

-- The exam server reads what a sitting rests on, and writes what a sitting leaves behind.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM pro_asn_exam;
GRANT SELECT ON agency, wave, battery_part, form, withdrawn_form, exam_session, room, booking, sitting, sitting_event, consent,
    wave_browser, attempt, time_entry, sheet, job, answer_event, attempt_gate, sitting_contact,
    alembic_version_exam, alembic_version_answers TO pro_asn_exam;
GRANT SELECT (booking_id, n, agency_id, kind, value, by) ON accommodation TO pro_asn_exam;  -- why is none of its business
GRANT INSERT ON sitting, sitting_event, consent, attempt, time_entry, sheet, job, answer_event, attempt_gate,
    sitting_contact TO pro_asn_exam;
GRANT UPDATE ON sitting, attempt, job, attempt_gate, sitting_contact TO pro_asn_exam;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO pro_asn_exam;

-- Office and worker work with every table here; the tables that only grow refuse changes themselves.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO pro_asn_office, pro_asn_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO pro_asn_office, pro_asn_worker;

-- What is sealed is signed by the worker, and reports are issued by it; the office shows both.
REVOKE INSERT, UPDATE, DELETE ON seal_key, session_seal, sealed_sheet, report FROM pro_asn_office;
