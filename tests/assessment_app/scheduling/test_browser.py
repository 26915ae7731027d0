"""How a wave stands to Safe Exam Browser: the planner's page, and the file that computers keep."""

import plistlib

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer, Role
from assessment_app.platform import safe_exam_browser as seb
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.scheduling import actions, queries
from assessment_app.scheduling.messages import BrowserRule
from tests import factories
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW

ADDRESS = "https://ujian.example.go.id"


def set_rule(town, policy="required", *keys, address=ADDRESS):
    return town.act(actions.set_browser, town.wave.wave_id, BrowserRule(policy, keys), address, b"s" * 32, NOW)


def rule_of(town):
    return town.ask(queries.browser_rule, town.wave.wave_id)


def test_the_file_stays_the_same_while_the_rule_changes(town):
    first = set_rule(town)
    set_rule(town, "off")
    again = set_rule(town, "optional", "a" * 64)
    assert (again.file, again.config_key) == (first.file, first.config_key)
    assert seb.config_key(plistlib.loads(rule_of(town).file)) == first.config_key


def test_another_address_makes_another_file(town):
    first = set_rule(town).config_key
    assert set_rule(town, address="https://ujian2.example.go.id").config_key != first


def test_the_same_again_changes_nothing_and_is_recorded_once(town):
    set_rule(town)
    set_rule(town)
    with transaction(reads_only=True) as db:
        (found,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "wave.set_browser"))
    assert found.detail["policy"] == "required"


def test_another_agencys_wave_is_not_there(town):
    stranger = Officer(factories.agency("lain"), "account:stranger")
    with pytest.raises(NotFound), transaction() as db:
        actions.set_browser(db, stranger, town.wave.wave_id, BrowserRule("required"), ADDRESS, b"s" * 32, NOW)
    with transaction(reads_only=True) as db:
        set_rule(town)
        assert queries.browser_rule(db, stranger.agency_id, town.wave.wave_id) is None


def test_the_page_sets_the_rule_and_gives_the_file_and_the_password(dewi, small_town):
    path = f"/gelombang/{small_town.wave.wave_id}/peramban"
    dewi.get(f"/gelombang/{small_town.wave.wave_id}")
    assert f'href="{path}"' in dewi.said
    dewi.get(path)
    assert "dikerjakan dengan peramban biasa" in dewi.words
    assert dewi.get(f"{path}/asesmen.seb").status_code == 404
    dewi.get(path)
    dewi.follow(dewi.post(path, policy="required", exam_keys=f"{'A' * 64}\n\n{'a' * 64} {'b' * 64}"))
    rule = rule_of(small_town)
    assert (rule.policy, rule.exam_keys) == ("required", f"{'a' * 64}\n{'b' * 64}")
    assert rule.config_key in dewi.words
    given = plistlib.loads(dewi.get(f"{path}/asesmen.seb").data)
    assert given["startURL"] == "http://127.0.0.1:8080/"
    dewi.get(path)
    shown = next(word for word in dewi.words.split() if len(word) == 12 and word.isupper())
    assert seb.exam_settings(rule.address, shown)["hashedQuitPassword"] == given["hashedQuitPassword"]


def test_a_file_for_an_old_address_is_pointed_out(dewi, small_town):
    set_rule(small_town)
    dewi.get(f"/gelombang/{small_town.wave.wave_id}/peramban")
    assert "Alamat server ujian sudah berganti" in dewi.words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"policy": "sometimes"}, "Pilih apakah"), ({}, "Pilih apakah"),
        ({"policy": "required", "exam_keys": "a" * 64 + "\nabc"}, "ke-2 bukan 64"),
        ({"policy": "required", "exam_keys": "\n".join(f"{n:064}" for n in range(51))}, "Paling banyak 50"),
    ],
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_refused(dewi, small_town, fields, words):
    path = f"/gelombang/{small_town.wave.wave_id}/peramban"
    dewi.get(path)
    refused = dewi.post(path, **fields)
    assert refused.status_code == 400
    assert words in refused.get_data(as_text=True)
    assert rule_of(small_town) is None


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.ASSESSOR, Role.SYSTEM_ADMIN])
def test_the_password_to_leave_is_shown_to_planners_alone(small_town, app, role):
    set_rule(small_town)
    other = Staff(app, small_town.agency_id, role, "lain")
    for path in ("peramban", "peramban/asesmen.seb"):
        assert other.get(f"/gelombang/{small_town.wave.wave_id}/{path}").status_code == 403
