"""``proasn run-server`` that cannot succeed says in one line what to do, before anything is made."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner
from cryptography import x509

from assessment_app.commands import group
from assessment_app.commands.server import front
from assessment_app.commands.server.place import Place, make_folders
from assessment_app.platform.settings import SettingsError


def refused(*words: str) -> str:
    result = CliRunner().invoke(group, ("run-server", *words))
    assert isinstance(result.exception, SettingsError), result
    assert "\n" not in str(result.exception)
    return str(result.exception)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PRO_ASN_DATA_DIR", str(tmp_path / "dc"))
    yield tmp_path / "dc"
    assert not (tmp_path / "dc").exists()


def place_in(folder) -> Place:
    return Place(folder, "127.0.0.1", "ujian.example.go.id", 18943, 18900, 1, 1)


def test_programs_that_are_missing_are_named_with_what_installs_them(monkeypatch, folder):
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    said = refused()
    assert "nginx, postgresql, redis-server, util-linux" in said
    assert "apt-get install" in said


def test_a_port_in_use_is_named_with_its_option(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refused("--port", str(taken.getsockname()[1]))
    assert "--port (exam)" in said


def test_stores_that_it_makes_itself_cannot_be_given(folder, monkeypatch):
    monkeypatch.setenv("PRO_ASN_VAULT_URL", "postgresql://elsewhere/vault")
    assert "PRO_ASN_VAULT_URL" in refused()


def test_a_folder_whose_sockets_would_have_too_long_a_name_is_refused(tmp_path):
    long = tmp_path / ("x" * 110)
    with pytest.raises(SettingsError, match="too long a name"):
        make_folders(place_in(long))
    assert not long.exists()


def test_a_certificate_is_made_once_and_names_where_it_is_for(tmp_path):
    certificate, key = front.make_certificate(place_in(tmp_path))
    before = certificate.read_bytes(), key.read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert front.make_certificate(place_in(tmp_path)) == (certificate, key)
    assert (certificate.read_bytes(), key.read_bytes()) == before
    names = x509.load_pem_x509_certificate(before[0]).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert "ujian.example.go.id" in names.value.get_values_for_type(x509.DNSName)


def test_a_certificate_that_does_not_belong_to_its_key_is_refused(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    certificate, _key = front.make_certificate(place_in(tmp_path / "one"))
    _certificate, other = front.make_certificate(place_in(tmp_path / "other"))
    with pytest.raises(SettingsError, match="cannot be used with"):
        front._refuse_wrong(certificate, other)
