"""Import of standards, and which one holds for whom."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assessment_app.accounts.rules import Officer
from assessment_app.job_standards import actions, queries
from assessment_app.job_standards.models import JobStandard
from assessment_app.job_standards.rules import Standard
from assessment_app.platform import queue
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Invalid, NotFound
from assessment_app.platform.queue import Job
from assessment_app.scheduling.models import Booking
from assessment_app.scoring.rules.faults import Reason
from tests.assessment_app.job_standards.sheets import HEAD, LEVELS, imported, row, sheet
from tests.assessment_app.scoring.house import BEST, NOW, House

BY_LEVEL = {"pengawas": 2}


def found_for(booking_id):
    with transaction(reads_only=True) as db:
        booking = db.get_one(Booking, booking_id)
        return queries.required(db, [booking], BY_LEVEL)[booking_id]


def holding(booking_id):
    found = found_for(booking_id)
    assert isinstance(found, Standard), found
    return found


def judged(house, *rows, head=HEAD):
    with transaction(reads_only=True) as db:
        return actions.judge(db, house.agency_id, sheet(*rows, head=head))


def count(model):
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count()).select_from(model))


def test_capitals_dots_and_spaces_of_a_post_do_not_matter(house):
    imported(house.agency_id, "KEPALA  SUB-BAGIAN, Umum")
    assert holding(house.book(post="Kepala Sub Bagian Umum.")).levels == LEVELS


def test_a_standard_for_the_unit_goes_before_that_for_every_unit(house):
    own = LEVELS | {"M.01": 5}
    imported(house.agency_id, "Kepala Subbagian", rows=[row("Kepala Subbagian", "Dinas Sosial", levels=own)])
    assert holding(house.book(unit="Dinas Sosial")).levels["M.01"] == 5
    assert holding(house.book(unit="Dinas Pangan")).levels == LEVELS


def test_the_standard_of_the_day_of_the_test_holds(house):
    rows = [row("Analis", since="2026-11-23", levels=LEVELS | {"M.02": 5}),
            row("Analis", since="2026-11-24", levels=LEVELS | {"M.02": 4})]  # fmt: skip
    imported(house.agency_id, "Analis", rows=rows)
    assert holding(house.book(post="Analis")).levels["M.02"] == 5  # it begins on the day itself


def test_a_correction_for_the_same_day_counts_and_the_old_row_stays(house):
    imported(house.agency_id, "Analis")
    imported(house.agency_id, rows=[row("Analis", levels=LEVELS | {"M.03": 5})], now=NOW + timedelta(minutes=1))
    assert holding(house.book(post="Analis")).levels["M.03"] == 5
    assert count(JobStandard) == 2


def test_the_same_file_twice_adds_nothing(house):
    assert imported(house.agency_id, "Analis", "Arsiparis").added == 2
    assert imported(house.agency_id, "Analis", "Arsiparis", now=NOW + timedelta(minutes=1)).added == 0
    assert count(JobStandard) == 2


def test_applying_twice_is_applying_once(house):
    run = imported(house.agency_id, "Analis")
    with transaction() as db:
        again = actions.apply(db, Officer(house.agency_id, "account:x"), run.import_id, NOW + timedelta(hours=1))
    assert again.applied_by == "account:dewi"
    assert count(JobStandard) == 1


def test_another_agency_neither_sees_nor_uses_it(forms, house):
    run = imported(house.agency_id, "Kepala Subbagian")
    other = House(forms, "bali")
    assert holding(other.book()).kind == "level"
    with transaction(reads_only=True) as db, pytest.raises(NotFound):
        queries.run(db, other.agency_id, run.import_id)


def test_without_standard_the_sentence_says_who_and_what_to_do(house):
    said = found_for(house.book(name="Budi", post="Pranata", level="mahir"))
    assert said.startswith("Budi (NIP 19850312 201001 2 001): jabatan 'Pranata'")
    assert "Impor standarnya" in said


def test_many_bookings_cost_no_more_statements(house):
    imported(house.agency_id, "Kepala Subbagian")
    booked = [house.book(name=f"P{number}") for number in range(5)]
    with transaction(reads_only=True) as db:
        bookings = [db.get_one(Booking, one) for one in booked]
        assert {
            found.kind for found in queries.required(db, bookings, BY_LEVEL).values() if isinstance(found, Standard)
        } == {"post"}


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        (row("Analis", since="kemarin"), "C", "Tanggal berlaku 'kemarin' tidak terbaca."),
        (row("Analis", source=""), "D", "DASAR kosong."),
        (row("", unit="Dinas"), "A", "JABATAN kosong."),
        (row("Analis", levels=LEVELS | {"M.01": 6}), "E", "Level Integritas '6' bukan 1 sampai 5."),
        (row("Analis", levels=LEVELS | {"SK.01": ""}), "M", "Level Perekat Bangsa '' bukan 1 sampai 5."),
        (row("A" * 501), "A", "Isian lebih dari 500 huruf."),
    ],
)
def test_a_bad_row_is_told_where_and_why_and_the_good_ones_go_in(house, cells, column, said):
    found = judged(house, cells, row("Arsiparis"))
    assert [(one.row, one.column, one.sentence) for one in found.findings] == [(2, column, said)]
    assert [one.post for one in found.news] == ["Arsiparis"]
    assert all(one.advice for one in found.findings)


def test_a_post_that_stands_twice_keeps_its_first_row(house):
    found = judged(house, row("Analis"), row("ANALIS", levels=LEVELS | {"M.01": 1}))
    assert [one.row for one in found.findings] == [3]
    assert [one.levels["M.01"] for one in found.accepted] == [3]


def test_a_sheet_without_a_competency_is_refused_with_its_name(house):
    with pytest.raises(Invalid, match="Kolom PEREKAT BANGSA tidak ditemukan"):
        judged(house, row("Analis")[:-1], head=HEAD[:-1])


@pytest.mark.parametrize("content", [b"", b"NIP;NAMA\n1;2", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_a_file_that_holds_no_standards_is_refused(house, content):
    with transaction(reads_only=True) as db, pytest.raises(Invalid):
        actions.judge(db, house.agency_id, content)


def test_codes_before_the_names_are_read_too(house):
    coded = [*HEAD[:4], *(f"M.0{number} {name}" for number, name in enumerate(HEAD[4:], 1))]
    assert len(judged(house, row("Analis"), head=coded).accepted) == 1


def test_profiles_that_found_no_standard_are_asked_for_again_and_others_left_alone(house):
    waiting, other = house.sit(house.book(), BEST), house.sit(house.book(), BEST)
    later = NOW + timedelta(hours=5)
    with transaction() as db:
        for sitting_id, reason in ((waiting, Reason.NO_STANDARD.value), (other, Reason.NO_KEY.value)):
            queue.enqueue(db, "make_profile", str(sitting_id), later)
            job = db.scalars(select(Job).where(Job.task == "make_profile", Job.subject == str(sitting_id))).one()
            job.tries, job.reason = queue.MOST_TRIES, reason
    imported(house.agency_id, "Kepala Subbagian")
    with transaction(reads_only=True) as db:
        jobs = {job.subject: job for job in db.scalars(select(Job).where(Job.task == "make_profile"))}
    assert (jobs[str(waiting)].tries, jobs[str(waiting)].due) == (0, NOW)
    assert (jobs[str(other)].tries, jobs[str(other)].due) == (queue.MOST_TRIES, later)


def test_preview_and_apply_leave_a_trail(house):
    imported(house.agency_id, "Analis")
    with transaction(reads_only=True) as db:
        entries = list(db.scalars(select(AuditEntry).where(AuditEntry.action.startswith("standard."))))
    assert [entry.action for entry in entries] == ["standard.import.preview", "standard.import.apply"]
    assert entries[1].detail["added"] == 1
