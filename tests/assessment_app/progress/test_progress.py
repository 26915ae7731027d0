"""How far results are, whom nothing came of and why: over HTTP, on real stores, by the real worker."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock, queue
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.queue import MOST_TRIES, Job
from assessment_app.platform.security import CSRF_FIELD
from assessment_app.platform.texts import gettext
from assessment_app.progress import messages, routes
from assessment_app.scheduling.models import Booking, Form
from assessment_app.scoring.rules.faults import Reason
from item_bank.keys import AnswerKey
from tests.assessment_app.scoring.house import BATTERY, BEST, MAKERS, NOW, House, new_house
from workers import tasks

LATER = timedelta(hours=1)


def house_of_two():
    """Let two people seal all four parts."""
    house = new_house()
    for name in ("Sri Peraga", "Joko Peraga"):
        house.sit(house.book(name=name), BEST)
    return house


@pytest.fixture
def makers():
    return MAKERS | {"two": house_of_two}


@pytest.fixture
def two(house, monkeypatch):
    """Two people who have sealed all four parts; it is an hour later."""
    monkeypatch.setattr(clock, "now", lambda: NOW + LATER)
    return house


@pytest.fixture
def dewi(enter, two):
    return enter(two, "dewi", Role.BKD_ADMIN)


def work_off() -> None:
    while tasks.work_off():
        pass


def lose_key(code: str) -> tuple:
    """Take a form's key out of the vault, as a vault does that was restored from an old backup; gives the row."""
    with transaction(reads_only=True) as db:
        seal = db.scalars(select(Form.key_seal).where(Form.code == code)).one()
    with transaction(VAULT) as vault:
        kept = vault.get_one(AnswerKey, seal)
        for name in vault.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'answer_key'")
        ):
            vault.execute(text(f"DROP TRIGGER {name}"))
        vault.execute(delete(AnswerKey).where(AnswerKey.key_seal == seal))
        return kept.key_seal, kept.document, kept.created


def bring_back(key: tuple) -> None:
    with transaction(VAULT) as vault:
        vault.add(AnswerKey(key_seal=key[0], document=key[1], created=key[2]))


def page(browser, path="/hasil", status=200):
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def state(browser, house):
    return browser.get(f"/hasil/{house.wave_id}/keadaan").get_json()


def again(browser, house, which, status=303):
    answer = browser.post(f"/hasil/{house.wave_id}/coba-lagi", data={"pekerjaan": which, CSRF_FIELD: "csrf"})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def failed() -> list[Job]:
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(Job).where(Job.failure != "").order_by(Job.job_id)))


def test_before_the_worker_everything_waits_and_the_page_says_for_how_long(dewi, two):
    shown = state(dewi, two)
    assert shown["words"] == {
        "sealed": "8", "scored": "0", "sittings": "2", "profiled": "0", "placed": "0", "waiting": "8", "failed": "0",
        "oldest": "59 menit 0 detik",
    }  # fmt: skip
    assert shown["shares"] == {"scored": 0.0, "profiled": 0.0, "placed": 0.0}


def test_after_it_nothing_waits_and_all_is_placed(dewi, two):
    work_off()
    shown = state(dewi, two)
    assert [shown["words"][name] for name in ("scored", "profiled", "placed", "waiting", "oldest")] == [
        "8", "2", "2", "0", "tidak ada",
    ]  # fmt: skip
    assert shown["shares"] == {"scored": 1.0, "profiled": 1.0, "placed": 1.0}
    assert "Tidak ada yang gagal" in page(dewi)


def test_a_key_that_is_lost_stops_its_part_alone_and_the_page_says_what_to_do(dewi, two):
    lose_key(BATTERY[1])
    work_off()
    said = page(dewi)
    assert state(dewi, two)["words"].items() >= {"scored": "6", "profiled": "0", "failed": "2", "waiting": "0"}.items()
    assert said.count("Kunci formulir ini tidak ada di brankas.") == 2
    assert "Minta admin sistem memulihkan brankas dari cadangan, lalu coba lagi." in said
    assert said.count("Bagian 2") == 2
    assert "Sri Peraga" in said
    assert "Joko Peraga" in said


def test_what_is_tried_again_after_the_cause_is_mended_comes_to_its_end_and_stands_in_the_trail(dewi, two):
    key = lose_key(BATTERY[1])
    work_off()
    bring_back(key)
    again(dewi, two, "semua")
    work_off()
    assert state(dewi, two)["words"].items() >= {"placed": "2", "failed": "0"}.items()
    with transaction(reads_only=True) as db:
        (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "result.try_again"))
        assert (entry.subject, entry.detail) == (f"wave:{two.wave_id}", {"jobs": 2, "sittings": 2})


def test_one_job_can_be_tried_again_alone(dewi, two):
    lose_key(BATTERY[1])
    work_off()
    first, second = failed()
    again(dewi, two, str(first.job_id))
    assert [job.job_id for job in failed()] == [second.job_id]
    with transaction(reads_only=True) as db:
        (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "result.try_again"))
        assert entry.detail == {"jobs": 1, "sittings": 1, "task": "score_attempt", "part": 2, "reason": "no_key"}


def test_what_did_not_fail_is_not_tried_again_and_nothing_is_recorded(dewi, two):
    work_off()
    assert "tidak lagi gagal" in again(dewi, two, "semua", status=409)
    assert "Pilih pekerjaan" in again(dewi, two, "x", status=400)
    with transaction(reads_only=True) as db:
        assert not db.scalars(select(AuditEntry).where(AuditEntry.action == "result.try_again")).all()


def test_a_person_whose_level_has_no_standard_is_listed_and_the_other_is_placed(dewi, two):
    with transaction() as db:
        db.execute(update(Booking).where(Booking.name == "Joko Peraga").values(job_level="lain"))
    work_off()
    said = page(dewi)
    assert "Jabatan atau standar kompetensi orang ini tidak diketahui." in said
    assert "Penyusunan profil" in said
    assert "Sri Peraga" not in said
    assert state(dewi, two)["words"].items() >= {"scored": "8", "profiled": "1", "placed": "1", "failed": "1"}.items()


def test_a_job_that_ended_its_worker_is_listed_though_nothing_is_known_of_it(dewi, two):
    with transaction() as db:
        db.execute(update(Job).where(Job.job_id == 1).values(tries=MOST_TRIES))
    assert "Ada gangguan pada sistem." in page(dewi)
    assert state(dewi, two)["failures"] == 1


def test_what_is_tried_again_by_itself_says_when(dewi, two):
    with transaction() as db:
        jobs = queue.claim_many(db, "score_attempt", 1, clock.now(), LATER)
        queue.fail(db, jobs, ValueError("item x: the key does not know the response 'rahasia'"), clock.now())
    said = page(dewi)
    assert "dicoba lagi sendiri pukul 09.00" in said
    assert "rahasia" not in said


def test_nobody_but_the_agencys_own_planners_and_assessors_sees_it(enter, two, forms):
    lose_key(BATTERY[1])
    work_off()
    there = House(forms, code="jambi")
    stranger = enter(there, "budi", Role.BKD_ADMIN, Role.ASSESSOR)
    assert "Belum ada yang diolah" in page(stranger)
    page(stranger, f"/hasil?gelombang={two.wave_id}", status=404)
    page(stranger, f"/hasil/{two.wave_id}/keadaan", status=404)
    again(stranger, two, "semua", status=404)
    again(stranger, there, str(failed()[0].job_id), status=409)
    for name, role in (("prok", Role.PROCTOR), ("komi", Role.TALENT_COMMITTEE)):
        page(enter(two, name, role), status=403)
    page(enter(two, "ases", Role.ASSESSOR))
    assert len(failed()) == 2


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_and_says_what_to_do(reason):
    wrong, what_to_do = messages.words(reason)
    assert (wrong, what_to_do) != tuple(map(gettext, messages.UNKNOWN))
    assert wrong.endswith(".")
    assert what_to_do.endswith(".")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.9, "0 detik"), (59, "59 detik"), (60, "1 menit 0 detik"), (3600, "1 jam 0 menit"), (90_000, "1 hari 1 jam")],
)
def test_a_wait_is_said_in_its_two_largest_units(seconds, said):
    assert messages.length(seconds) == said


def test_long_lists_come_page_by_page(dewi, two, monkeypatch):
    monkeypatch.setattr(routes, "PAGE", 5)
    with transaction() as db:
        db.execute(update(Job).values(failure="x"))
    assert [page(dewi, f"/hasil?halaman={n}").count("Coba lagi:") for n in (1, 2, 99)] == [5, 3, 3]
