"""Settings come from the environment, whole and checked, or the start is refused in one sentence."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from assessment_app.platform.settings import PREFIX, Settings, SettingsError, load

GIVEN: dict[str, tuple[str, object]] = {
    "data_dir": ("/srv/pro-asn", Path("/srv/pro-asn")),
    "exam_url": ("postgresql+psycopg://db/exam", "postgresql+psycopg://db/exam"),
    "answers_url": ("sqlite:////srv/a.db", "sqlite:////srv/a.db"),
    "vault_url": ("postgresql://db/vault", "postgresql://db/vault"),
    "redis_url": ("redis://cache:6379/1", "redis://cache:6379/1"),
    "secrets_dir": ("/run/secrets", Path("/run/secrets")),
    "seal_key": ("/srv/seal/private.pem", Path("/srv/seal/private.pem")),
    "host": ("0.0.0.0", "0.0.0.0"),
    "exam_public_url": ("https://ujian.example.go.id", "https://ujian.example.go.id"),
    "exam_port": ("9000", 9000),
    "office_port": ("9001", 9001),
    "vault_port": ("9002", 9002),
    "metrics_port": ("0", 0),
    "secure_cookies": ("True", True),
    "second_factor": ("optional", "optional"),
    "staff_idle_minutes": ("5", 5),
    "staff_session_hours": ("24", 24),
    "exam_threads": ("512", 512),
    "queue_patience_ms": ("100", 100),
    "worker_lease_seconds": ("3600", 3600),
    "trusted_proxies": ("4", 4),
    "log_level": ("debug", "debug"),
    "language": ("en", "en"),
}


def loaded(**given: str) -> Settings:
    return load({PREFIX + name.upper(): value for name, value in given.items()})


def refusal(**given: str) -> str:
    with pytest.raises(SettingsError) as refused:
        loaded(**given)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_every_field_is_read_from_the_environment():
    assert set(GIVEN) == {field.name for field in fields(Settings)}
    found = loaded(**{name: text for name, (text, _) in GIVEN.items()})
    assert {name: getattr(found, name) for name in GIVEN} == {name: value for name, (_, value) in GIVEN.items()}


def test_what_is_not_ours_is_left_alone():
    assert load({"PATH": "/bin", "PROASN_STARTED_BY": "1"}) == Settings()


def test_an_unknown_name_is_refused():
    assert "PRO_ASN_EXAM_PRT" in refusal(exam_prt="1")


@pytest.mark.parametrize("field", [f for f in fields(Settings) if "least" in f.metadata], ids=lambda f: f.name)
@pytest.mark.parametrize("limit", ["least", "most"])
def test_one_beyond_a_bound_is_refused(field, limit):
    beyond = field.metadata[limit] + (1 if limit == "most" else -1)
    assert str(field.metadata[limit]) in refusal(**{field.name: str(beyond)})


@pytest.mark.parametrize("text", ["", "-", "--5", "1e3", "8080 ", "²", "٨٠٨٠", "0x50", "9" * 5000])
def test_what_is_no_whole_number_is_refused(text):
    assert "PRO_ASN_EXAM_PORT must be a whole number" in refusal(exam_port=text)


@pytest.mark.parametrize("name", ["exam_url", "answers_url", "vault_url", "redis_url"])
def test_an_address_of_an_unknown_kind_is_refused_without_telling_its_password(name):
    said = refusal(**{name: "mysql://user" + ":geheim@host/x"})
    assert name.upper() in said
    assert "geheim" not in said


def test_two_servers_on_one_port_are_refused():
    said = refusal(office_port="8080")
    assert "PRO_ASN_EXAM_PORT" in said
    assert "PRO_ASN_OFFICE_PORT" in said


def test_a_server_on_a_metrics_port_is_refused():
    assert "PRO_ASN_METRICS_PORT + 2" in refusal(metrics_port="8078")


@pytest.mark.parametrize("other", ["exam_url", "answers_url"])
def test_a_vault_in_the_exam_store_is_refused(other):
    assert "PRO_ASN_VAULT_URL" in refusal(vault_url="postgresql://db/one", **{other: "postgresql://db/one"})


def test_on_one_machine_the_answers_have_a_file_of_their_own_and_no_vault_is_given():
    assert Settings(data_dir=Path("d")).stores == {"exam": "sqlite:///d/exam.db", "answers": "sqlite:///d/answers.db"}


def test_on_postgresql_the_answers_are_in_the_exam_store():
    assert Settings(exam_url="postgresql://db/x").stores["answers"] == "postgresql://db/x"


def test_metrics_that_are_off_take_no_port():
    assert set(Settings(metrics_port=0).ports) == {"EXAM_PORT", "OFFICE_PORT", "VAULT_PORT"}


def test_browsers_address_the_exam_server_by_host_and_port_unless_a_proxy_stands_in_front():
    assert loaded(exam_port="8090").exam_address == "http://127.0.0.1:8090"
    assert loaded(exam_public_url="https://ujian.example.go.id/").exam_address == "https://ujian.example.go.id"


@pytest.mark.parametrize("url", ["https://ujian.example.go.id/asesmen", "https://", "ujian.example.go.id"])
def test_a_public_address_is_scheme_and_host_alone(url):
    assert "EXAM_PUBLIC_URL" in refusal(exam_public_url=url)


def test_an_address_may_stand_in_a_file_so_that_its_password_is_in_no_environment(tmp_path):
    (tmp_path / "exam.url").write_text("postgresql+psycopg://pro_asn_exam@db/exam\n")
    assert loaded(exam_url=f"file:{tmp_path}/exam.url").exam_url == "postgresql+psycopg://pro_asn_exam@db/exam"


def test_a_file_of_an_address_that_is_not_there_or_holds_none_is_refused(tmp_path):
    assert "gone.url" in refusal(vault_url=f"file:{tmp_path}/gone.url")
    (tmp_path / "letter").write_text("dear reader")
    assert "must begin with" in refusal(vault_url=f"file:{tmp_path}/letter")
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    assert "it is no text" in refusal(redis_url=f"file:{tmp_path}/key")
