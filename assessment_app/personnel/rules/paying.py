"""Rules about money that goes to whom it should not, or not to whom it should: R1 to R4, R8, R9, R11."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assessment_app.people.rules import Standing, name_key
from assessment_app.personnel.rules.basis import Basis, month_after, pension_of
from assessment_app.personnel.rules.lists import PAYROLL, PERSONNEL, Lists, alike
from assessment_app.personnel.rules.readings import born_of_nip, day_words, month_words, post_key
from assessment_app.personnel.rules.records import Found, Pay, Person, RuleId, Severity, Side

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

Seen = Found | str
"""What a rule gives: a mismatch, or in a few words why one person could not be checked."""

NOT_HERE = "tidak ada"


def after_retirement(lists: Lists, basis: Basis) -> Iterator[Seen]:
    """R1: paid, or still said to be active, in a month that begins on or after the day on which the pension begins."""
    yield from _still_active(lists, basis)
    for nip, pays in lists.pays.items():
        person = lists.people.get(nip)
        if person is None:
            continue
        months = [pay for pay in pays if pay.month is not None]
        if not months:
            yield "bulan gaji tidak terbaca"
        elif not _starts(person, basis):
            yield "jenjang jabatan atau tanggal lahir tidak terbaca"
        else:
            yield from _after(lists, basis, person, months)


def _still_active(lists: Lists, basis: Basis) -> Iterator[Found]:
    month = lists.newest_month
    for nip, person in lists.people.items():
        starts = _starts(person, basis)
        retired = bool(starts) and min(starts) <= month and (person.pension is None or person.pension <= month)
        if retired and person.standing is Standing.ACTIVE and nip not in lists.pays and not is_dead(person):
            yield Found(
                RuleId.R1, MEDIUM, nip, person.name, person.unit,
                lists.of_person(person, f"TMT pensiun {day_words(min(starts))}; kedudukan: {person.standing_text}"),
                Side("tidak dibayar", PAYROLL, month),
                "Masih berkedudukan aktif setelah TMT pensiun, dan tidak dibayar.",
                "Perbarui kedudukan di SIASN bila SK pensiun sudah terbit.", (nip, "unpaid"),
            )  # fmt: skip


def _starts(person: Person, basis: Basis) -> list[date]:
    """Give the days on which the pension begins, by our count and by SIASN, as far as they are known."""
    pension = pension_of(person, basis)
    return [one for one in (pension.start if pension else None, person.pension) if one is not None]


def _after(lists: Lists, basis: Basis, person: Person, months: Sequence[Pay]) -> Iterator[Found]:
    newest, pension = months[-1], pension_of(person, basis)
    last = newest.month or date.max
    starts = _starts(person, basis)
    if min(starts) > last:
        return
    late = [pay for pay in months if pay.month and pay.month >= min(starts)]
    # SIASN knows a later day: an age of its own that our table does not hold is as likely as a payment too many.
    doubted = person.pension is not None and person.pension > last
    said = f"SIASN: {day_words(person.pension)}" if person.pension else "SIASN: tidak diisi"
    counted = "hitungan: tidak dapat dihitung" if pension is None else f"hitungan: {day_words(pension.start)}"
    why = "" if pension is None else " (akhir kontrak)" if pension.by_contract else f" (BUP {pension.age})"
    sentence = f"Dibayar {len(late)} bulan pada atau setelah TMT pensiun, terakhir {month_words(last)}."
    advice = "Cocokkan SK pensiun dengan daftar gaji, lalu putuskan bersama bendahara."
    if doubted:
        advice = "Periksa aturan BUP jabatan ini: data SIASN lebih akhir daripada hitungan."
    yield Found(
        RuleId.R1, MEDIUM if doubted else HIGH, person.nip, person.name, person.unit,
        lists.of_person(person, f"TMT pensiun {counted}{why}; {said}"),
        lists.of_pay(newest, f"dibayar untuk {month_words(last)}"), sentence, advice, (person.nip,),
    )  # fmt: skip


NOT_PAID = {
    Standing.RETIRED: "pensiun", Standing.STOPPED: "berhenti", Standing.DECEASED: "meninggal dunia",
    Standing.UNPAID_LEAVE: "cuti di luar tanggungan negara", Standing.SUSPENDED: "diberhentikan sementara",
    Standing.MPP: "masa persiapan pensiun",
}  # fmt: skip


def while_not_active(lists: Lists, basis: Basis) -> Iterator[Seen]:
    """R2: paid although the personnel list says that the person is not active; MPP as the rule set has it."""
    for person, pay in lists.paid():
        if person.standing is Standing.UNKNOWN:
            yield "kedudukan tidak dikenal"
        if person.standing not in NOT_PAID or (person.standing is Standing.MPP and basis.mpp_is_paid):
            continue
        advice = "Cocokkan SK dengan daftar gaji, lalu putuskan bersama bendahara."
        if person.standing is Standing.SUSPENDED:
            advice = "Pemberhentian sementara dapat masih dibayar sebagian. Periksa besarnya menurut SK."
        yield Found(
            RuleId.R2, MEDIUM if person.standing is Standing.SUSPENDED else HIGH, person.nip, person.name, person.unit,
            lists.of_person(person, f"kedudukan: {person.standing_text}"), lists.of_pay(pay, _paid(pay)),
            f"Masih dibayar, padahal menurut data pegawai {NOT_PAID[person.standing]}.", advice,
            (person.nip, person.standing.value),
        )  # fmt: skip


def _paid(pay: Pay) -> str:
    return f"dibayar untuk {month_words(pay.month)}" if pay.month else "dibayar"


def unknown_payee(lists: Lists, _basis: Basis) -> Iterator[Seen]:
    """R3: paid, and the personnel list does not know the NIP. Who it may be is suggested, never assumed."""
    known = alike(lists.people.values())
    for nip, pays in lists.pays.items():
        if nip in lists.people:
            continue
        if lists.may_be_damaged(nip):
            yield "NIP pasangannya rusak di daftar pegawai (lihat R0)"
            continue
        pay, born = pays[-1], born_of_nip(nip)
        meant = known.get((name_key(pay.name), born), "") if born else ""
        guess = f" Nama dan tanggal lahirnya sama dengan {meant}: mungkin salah tulis." if meant else ""
        yield Found(
            RuleId.R3, HIGH, nip, pay.name, pay.unit, Side(NOT_HERE, PERSONNEL, lists.personnel.day),
            lists.of_pay(pay, _paid(pay)), "Menerima gaji, tetapi NIP-nya tidak ada di daftar pegawai.",
            f"Pastikan orangnya ada dan di instansi mana ia tercatat.{guess}", (nip,),
        )  # fmt: skip


def not_paid(lists: Lists, basis: Basis) -> Iterator[Seen]:
    """R4: active, and no money goes out. Unpaid leave and who has reached the pension by either count are left out."""
    newest = lists.newest_month
    for nip, person in lists.people.items():
        if nip in lists.pays or not _should_be_paid(person, basis, newest):
            continue
        if lists.may_be_damaged(nip):
            yield "NIP pasangannya rusak di daftar gaji (lihat R0)"
            continue
        idle = lists.idle.get(nip)
        paid = lists.of_pay(idle, "gaji bersih 0") if idle else Side(NOT_HERE, PAYROLL, newest)
        said = person.standing_text or "aktif"
        yield Found(
            RuleId.R4, MEDIUM, nip, person.name, person.unit, lists.of_person(person, f"kedudukan: {said}"), paid,
            "Pegawai aktif, tetapi tidak ada pembayaran.",
            "Periksa apakah gajinya dibayar instansi lain, ditahan, atau terlewat.", (nip,),
        )  # fmt: skip


def _should_be_paid(person: Person, basis: Basis, month: date) -> bool:
    if person.standing is not Standing.ACTIVE and not (person.standing is Standing.MPP and basis.mpp_is_paid):
        return False
    appointed = person.nip[8:14] if person.nip[12:14] <= "12" else f"{person.nip[8:12]}00"  # PPPK: no month
    if appointed > f"{month:%Y%m}":
        return False
    starts = _starts(person, basis)
    return not (is_dead(person) or _has_left(person, month) or (starts and min(starts) <= month))


def is_dead(person: Person) -> bool:
    """Tell whether the civil registry says that a person has died."""
    return any(word in person.dukcapil.casefold() for word in ("meninggal", "wafat", "mati"))


def deceased(lists: Lists, _basis: Basis) -> Iterator[Seen]:
    """R8: the civil registry says deceased."""
    for nip, person in lists.people.items():
        if not is_dead(person):
            continue
        pays = lists.pays.get(nip)
        paid = lists.of_pay(pays[-1], _paid(pays[-1])) if pays else Side("tidak dibayar", PAYROLL, lists.payroll.day)
        if not pays and person.standing is not Standing.ACTIVE:
            continue
        still = "masih dibayar" if pays else "masih berkedudukan aktif"
        yield Found(
            RuleId.R8, HIGH, nip, person.name, person.unit,
            lists.of_person(person, f"Dukcapil: {person.dukcapil}"), paid,
            f"Menurut Dukcapil sudah meninggal, tetapi {still}.",
            "Mintakan akta kematian kepada keluarga atau Dukcapil; jangan menyimpulkan dari data saja.", (nip,),
        )  # fmt: skip


def wrong_amount(lists: Lists, _basis: Basis) -> Iterator[Seen]:
    """R9: grade, post or allowance differs; each is a finding of its own, because each is mended on its own."""
    for person, pay in lists.paid():
        for what, here, there, differs in (
            ("golongan", person.grade, pay.grade, person.grade.casefold() != pay.grade.casefold()),
            ("jabatan", person.post, pay.post, post_key(person.post) != post_key(pay.post)),
            ("tunjangan", _rupiah(person.allowance), _rupiah(pay.allowance), person.allowance != pay.allowance),
        ):
            if here and there and differs:
                yield Found(
                    RuleId.R9, MEDIUM, person.nip, person.name, person.unit, lists.of_person(person, here),
                    lists.of_pay(pay, there), f"{what.capitalize()} berbeda antara data pegawai dan daftar gaji.",
                    f"Cocokkan {what} dengan SK terakhir, lalu betulkan daftar yang keliru.",
                    (person.nip, what, here, there),
                )  # fmt: skip


def _rupiah(amount: int | None) -> str:
    return "" if amount is None else f"Rp {amount:,}".replace(",", ".")


def _has_left(person: Person, month: date) -> bool:
    """Tell whether a person had moved to another agency when a month began; without a day, the word counts."""
    if person.moved_on is not None:
        return person.moved_on <= month
    return person.moved_out or person.standing is Standing.MOVED


def moved_and_paid(lists: Lists, _basis: Basis) -> Iterator[Seen]:
    """R11: moved to another agency, and still paid by this one."""
    for person, pay in lists.paid():
        if not _has_left(person, pay.month or month_after(lists.payroll.day)):
            continue
        said = f"mutasi keluar per {day_words(person.moved_on)}" if person.moved_on else "mutasi keluar"
        yield Found(
            RuleId.R11, HIGH, person.nip, person.name, person.unit, lists.of_person(person, said),
            lists.of_pay(pay, _paid(pay)), "Sudah mutasi keluar, tetapi masih dibayar instansi ini.",
            "Periksa SKPP dan tanyakan kepada instansi tujuan apakah gajinya dibayar dua kali.", (person.nip,),
        )  # fmt: skip
