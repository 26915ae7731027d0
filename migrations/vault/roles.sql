-- What each process may do in the vault. Run by `proasn roles` after the exam store's; safe to repeat.
-- Exam and office have no right here at all: not to connect, not to look.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC, pro_asn_exam, pro_asn_office', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO pro_asn_vault, pro_asn_worker', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO pro_asn_vault, pro_asn_worker;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, pro_asn_exam, pro_asn_office;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO pro_asn_vault;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO pro_asn_vault;

-- The worker scores: it reads keys and forms, what was withdrawn, and tells how often a form was finished.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM pro_asn_worker;
GRANT SELECT ON answer_key, published_form, form_withdrawal, form_exposure, alembic_version_vault TO pro_asn_worker;
GRANT INSERT, UPDATE ON form_exposure TO pro_asn_worker;
