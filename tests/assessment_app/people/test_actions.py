from datetime import timedelta
from importlib.resources import files

import pytest
from sqlalchemy import func, select

from assessment_app.people import actions, queries
from assessment_app.people.actions import imports
from assessment_app.people.models import Employee, ImportContent, ImportFinding, ImportRun, Unit
from assessment_app.people.rules import Severity
from assessment_app.platform import audit, db
from assessment_app.platform.errors import Closed, Conflict, Invalid, NotFound
from tests.assessment_app.people.conftest import BY, GOOD, HEADER, NOW, OTHER, book_of, csv_of

BOTH = csv_of(HEADER, GOOD, OTHER)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def count(store):
    """Count the rows of a table: count(Employee)."""

    def counted(model):
        with db.transaction(reads_only=True) as session:
            return session.scalar(select(func.count()).select_from(model))

    return counted


@pytest.fixture
def read(store, agency):
    """Read the agency's employees by NIP."""

    def by_nip():
        with db.transaction(reads_only=True) as session:
            found, _ = queries.employees(session, agency)
            return {employee.nip: employee for employee in found}

    return by_nip


@pytest.fixture
def sentences(store, agency):
    """Read what was found in a run."""

    def found(run):
        with db.transaction(reads_only=True) as session:
            return [(f.row, f.severity, f.sentence) for f in queries.all_findings(session, agency, run.import_id)]

    return found


def test_a_preview_writes_nobody(preview, count):
    run = preview(BOTH)
    assert (run.accepted, run.warned, run.rejected, run.created, run.state) == (2, 0, 0, 2, "pratinjau")
    assert count(Employee) == count(Unit) == 0


def test_applying_writes_employees_and_units(bring_in, read, count):
    run = bring_in(BOTH)
    assert (run.state, run.created, run.changed) == ("diterapkan", 2, 0)
    employee = read()[GOOD[0]]
    assert (employee.name, employee.unit.name, employee.job_level, employee.sex) == (
        "Contoh Satu", "Dinas Contoh", "ahli_muda", "L",
    )  # fmt: skip
    assert employee.import_id == run.import_id
    assert count(Unit) == 2


def test_the_bytes_are_forgotten_when_they_are_applied(preview, apply, count):
    run = preview(BOTH)
    assert count(ImportContent) == 1
    apply(run)
    assert count(ImportContent) == 0


def test_a_second_click_changes_nothing(preview, apply, count):
    run = preview(BOTH)
    apply(run)
    again = apply(run, now=LATER)
    assert (again.applied_at, again.created) == (NOW, 2)
    with db.transaction(reads_only=True) as session:
        assert session.scalars(select(audit.AuditEntry.action)).all().count("employee.import.apply") == 1


def test_the_same_upload_twice_is_one_preview(preview, count):
    assert preview(BOTH).import_id == preview(BOTH, now=LATER).import_id
    assert count(ImportRun) == 1


def test_the_same_file_applied_again_finds_no_news(bring_in, read):
    bring_in(BOTH)
    before = read()[GOOD[0]].employee_id
    run = bring_in(BOTH, now=LATER)
    assert (run.accepted, run.created, run.changed, run.unchanged) == (2, 0, 0, 2)
    assert read()[GOOD[0]].employee_id == before


def test_news_about_a_known_nip_updates_the_employee(bring_in, read):
    bring_in(BOTH)
    before = read()[GOOD[0]].employee_id
    run = bring_in(csv_of(HEADER, [GOOD[0], "Contoh Satu, M.Si.", "Badan Contoh", *GOOD[3:]]), now=LATER)
    employee = read()[GOOD[0]]
    assert (run.created, run.changed) == (0, 1)
    assert (employee.employee_id, employee.name, employee.unit.name) == (before, "Contoh Satu, M.Si.", "Badan Contoh")


def test_rejected_rows_stay_out_and_are_listed(bring_in, read, sentences):
    run = bring_in(csv_of(HEADER, GOOD, ["123", *OTHER[1:]]))
    assert (run.accepted, run.rejected) == (1, 1)
    assert list(read()) == [GOOD[0]]
    assert sentences(run) == [(3, "error", "NIP 3 angka, seharusnya 18.")]


def test_a_row_with_two_findings_counts_once(preview, sentences):
    run = preview(csv_of(HEADER, ["123", "", *GOOD[2:]], OTHER))
    assert run.rejected == 1
    assert len(sentences(run)) == 2


def test_warned_rows_are_accepted(preview):
    run = preview(csv_of(HEADER, [*GOOD[:3], "Kepala Bidang Contoh", "", "PNS"]))
    assert (run.accepted, run.warned, run.rejected) == (1, 1, 0)


def test_a_number_nip_is_listed_among_the_rejected(preview, sentences):
    run = preview(book_of(HEADER, [198503172010011987, *GOOD[1:]], OTHER))
    assert (run.accepted, run.rejected) == (1, 1)
    assert sentences(run) == [(2, "error", "NIP tersimpan sebagai angka, bukan teks.")]


def test_the_second_of_two_equal_rows_is_rejected(preview, sentences):
    run = preview(csv_of(HEADER, GOOD, OTHER, GOOD))
    assert (run.accepted, run.warned, run.rejected) == (2, 0, 1)
    assert sentences(run) == [(4, "error", "NIP ganda dengan baris 2.")]


def test_where_duplicates_differ_both_wait_for_somebody_to_choose(preview, sentences):
    run = preview(csv_of(HEADER, GOOD, [GOOD[0], "Lain", *GOOD[2:]]))
    assert (run.accepted, run.held, run.rejected) == (0, 2, 0)
    said = f"NIP {GOOD[0]} ada di 2 baris dengan isi berbeda. Baris mana yang benar?"
    assert sentences(run) == [(2, "question", said), (3, "question", said)]


def test_a_nip_of_another_agency_is_a_warning_that_names_nobody(bring_in, preview, sentences, neighbour):
    bring_in(BOTH, agency_id=neighbour)
    run = preview(csv_of(HEADER, GOOD))
    assert sentences(run) == [(2, "warning", "NIP ini masih tercatat di instansi lain.")]


def test_units_differ_by_their_parent_but_not_by_capitals(bring_in, count):
    header = [*HEADER, "OPD"]
    third = ["199001052014022003", "Contoh Tiga", *GOOD[2:]]
    bring_in(
        csv_of(header, [*GOOD, "Dinas A"], [*OTHER[:2], "DINAS CONTOH", *OTHER[3:], "Dinas a"], [*third, "Dinas B"])
    )
    with db.transaction(reads_only=True) as session:
        keys = session.scalars(select(Unit.path_key).order_by(Unit.path_key)).all()
    assert keys == ["dinas a", "dinas a > dinas contoh", "dinas b", "dinas b > dinas contoh"]


def test_a_broken_file_leaves_nothing(preview, count):
    before = count(audit.AuditEntry)
    with pytest.raises(Invalid):
        preview(book_of(HEADER, GOOD)[:800])
    assert count(ImportRun) == count(ImportContent) == count(ImportFinding) == 0
    assert count(audit.AuditEntry) == before


def test_a_fault_in_the_middle_of_applying_leaves_nothing(preview, apply, count, monkeypatch):
    run = preview(BOTH)

    def breaks(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr(imports, "_record", breaks)
    with pytest.raises(RuntimeError):
        apply(run)
    assert count(Employee) == count(Unit) == 0
    assert count(ImportContent) == 1


def test_an_old_preview_can_no_longer_be_applied_and_its_bytes_go(preview, apply, count):
    run = preview(BOTH)
    with pytest.raises(Closed, match="kedaluwarsa"):
        apply(run, now=NOW + actions.PREVIEW_LIFE)
    preview(csv_of(HEADER, GOOD), now=NOW + actions.PREVIEW_LIFE)
    assert count(ImportContent) == 1


def test_a_preview_is_refused_after_another_file_was_applied(preview, apply, bring_in):
    run = preview(BOTH)
    bring_in(csv_of(HEADER, GOOD), now=LATER)
    with pytest.raises(Conflict, match="Berkas lain"):
        apply(run, now=LATER)


def test_another_agency_finds_neither_the_import_nor_the_people(preview, apply, bring_in, neighbour):
    run = preview(BOTH)
    with pytest.raises(NotFound):
        apply(run, agency_id=neighbour)
    bring_in(BOTH)
    with db.transaction(reads_only=True) as session:
        assert queries.employees(session, neighbour) == ([], 0)
        with pytest.raises(NotFound):
            queries.run(session, neighbour, run.import_id)
        assert queries.all_findings(session, neighbour, run.import_id) == []


def test_both_steps_are_in_the_audit_trail(bring_in, agency):
    run = bring_in(BOTH)
    with db.transaction(reads_only=True) as session:
        entries = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.entry_no)).all()
    entries = [entry for entry in entries if entry.action != "agency.create"]
    assert [entry.action for entry in entries] == ["employee.import.preview", "employee.import.apply"]
    assert {entry.agency_id for entry in entries} == {agency}
    assert entries[1].detail["sha256"] == run.content_hash
    assert not any(GOOD[0] in str(entry.detail) for entry in entries)


def test_the_console_imports_in_one_step(agency, read):
    with db.transaction() as session:
        run = actions.import_employees(session, agency, "pegawai.csv", BOTH, BY, NOW)
    assert (run.state, len(read())) == ("diterapkan", 2)


def test_the_demonstration_has_one_employee_to_look_at_twice(preview):
    run = preview(files("assessment_app.commands.demo").joinpath("pegawai.csv").read_bytes())
    assert (run.accepted, run.warned, run.rejected) == (12, 1, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [("satu", 1), ("CONTOH", 2), ("19850317 2010", 1), ("99104", 1), ("%", 0), ("_", 0), ("tidak ada", 0)],
)
def test_people_are_found_by_part_of_name_or_nip(bring_in, agency, text, found):
    bring_in(BOTH)
    with db.transaction(reads_only=True) as session:
        assert queries.employees(session, agency, text)[1] == found


def test_a_unit_filter_takes_in_the_units_below(bring_in, agency):
    bring_in(csv_of([*HEADER, "OPD"], [*GOOD, "Dinas Induk"], [*OTHER, ""]))
    with db.transaction(reads_only=True) as session:
        top = next(unit for unit in queries.units(session, agency) if unit.name == "Dinas Induk")
        found, total = queries.employees(session, agency, unit_id=top.unit_id)
    assert (total, found[0].nip) == (1, GOOD[0])


def test_findings_can_be_read_by_severity_and_page(preview, agency):
    bad = [["123", "Contoh", *GOOD[2:]] for _ in range(3)]
    run = preview(csv_of(HEADER, *bad, [*GOOD[:3], "Lurah", "", "PNS"]))
    with db.transaction(reads_only=True) as session:
        page, total = queries.findings(session, agency, run.import_id, queries.Wanted(Severity.ERROR), page=2, size=2)
        assert ([f.row for f in page], total) == ([4], 3)
        assert queries.findings(session, agency, run.import_id, queries.Wanted(), page=1)[1] == 4


def province(size):
    """Write a workbook of so many invented employees in 40 units."""
    rows = (
        [f"19{65 + n % 25}0317201001{1 + n % 2}{n // 25 + 1:03}", f"Contoh {n}", f"Dinas {n % 40}", *GOOD[3:]]
        for n in range(size)
    )
    return book_of(HEADER, *rows)


def test_a_whole_province_is_imported(preview, apply):
    run = apply(preview(province(19_000)))  # how long that takes: benchmarks/people.py
    assert (run.accepted, run.created) == (19_000, 19_000)
