"""The verifier as an auditor runs it: alone, outside of this house, on archives in which anything may be wrong."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessment_app.sealing import rules, verifier
from assessment_app.sealing.actions import Signer
from assessment_app.sealing.verifier import Member, Verdict, check, key_id, read_key, unpack
from tests.assessment_app.sealing.archives import OTHER, SESSION, Auditor, Written, listing, packed, whole

PLACE = f"sessions/{SESSION}"


@pytest.fixture
def written():
    return Written()


@pytest.fixture
def auditor(tmp_path, written):
    return Auditor(tmp_path, written.signer.pem)


def judged(archive: bytes, *signers: Signer) -> list[Verdict]:
    """Run the same code in this process, for what is tried hundreds of times."""
    keys = [read_key(one.pem.encode()) for one in signers]
    return list(check(unpack(io.BytesIO(archive)), {key_id(key): key for key in keys}))


def wrong(archive: bytes, *signers: Signer) -> list[str]:
    return [words for one in judged(archive, *signers) for words in one.wrong]


def edited(files, name, edit):
    """Change the lines of one file."""
    lines = files[f"{PLACE}/{name}"].splitlines(keepends=True)
    edit(lines)
    return files | {f"{PLACE}/{name}": b"".join(lines)}


def test_what_was_sealed_holds(auditor, written):
    code, said = auditor.verify(packed(whole(written)))
    assert code == 0, said
    assert "SAH; 6 lembar diperiksa." in said
    assert written.seals()[0][0].decode().split('"root":"')[1][:64] in said


def test_the_verifier_needs_nothing_but_python_and_cryptography(tmp_path, written):
    Auditor(tmp_path, written.signer.pem)
    watched = (
        "import runpy, sys; sys.argv = ['verifier.py']; sys.path[:] = [p for p in sys.path if p != '']\n"
        "try: runpy.run_path('verifier.py', run_name='__main__')\nexcept SystemExit: pass\n"
        "found = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(found - set(sys.stdlib_module_names) - {'cryptography', '__mp_main__'}))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", watched], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.strip().replace("'", '"')))
    assert loaded.isdisjoint({"assessment_app", "scoring_engine", "item_bank", "sqlalchemy", "flask", "numpy"}), loaded


def test_any_zip_program_opens_an_archive_and_the_same_sheets_are_the_same_bytes(written):
    archive = packed(whole(written))
    assert archive == packed(whole(written))
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == whole(written)


def test_a_receipt_is_found_and_another_is_not(auditor, written):
    archive = packed(whole(written))
    code, said = auditor.verify(archive, "--receipt", written.receipt(2).lower())
    assert (code, f"Tanda terima {written.receipt(2)}: peserta 2, 2 lembar, sesi {SESSION}" in said) == (0, True), said
    code, said = auditor.verify(archive, "--receipt", "AAAA-AAAA-AAAA-AAAA")
    assert (code, "tidak ada pada lembar yang disegel" in said) == (1, True), said


def test_one_flipped_bit_in_a_sheet_names_the_sheet(auditor, written):
    archive = bytearray(packed(whole(written)))
    at = archive.index(b'"attempt":1003', archive.index(b"sheets.jsonl"))
    archive[at + 40] ^= 1
    code, said = auditor.verify(bytes(archive))
    assert code == 1
    assert "SALAH: lembar 1003 (peserta 2, bagian 2): isinya berubah" in said
    assert f"SALAH: {PLACE}/sheets.jsonl: berubah setelah arsip dibuat" in said


def test_a_sheet_that_was_rewritten_with_everything_else_made_to_fit_is_named(auditor, written):
    files = edited(whole(written), "sheets.jsonl", lambda lines: lines.__setitem__(2, lines[2].replace(b"2", b"4")))
    code, said = auditor.verify(packed(files))
    assert code == 1
    assert [line for line in said.splitlines() if "SALAH" in line] == [
        "  SALAH: lembar 1002 (peserta 2, bagian 1): isinya berubah"
    ]


def test_a_missing_sheet_is_named_even_beside_a_changed_one(auditor, written):
    def edit(lines):
        lines[4] = lines[4].replace(b"i2", b"i3")
        del lines[1]

    code, said = auditor.verify(packed(edited(whole(written), "sheets.jsonl", edit)))
    assert code == 1
    assert "lembar 1001 (peserta 1, bagian 2): tidak ada" in said
    assert "lembar 1004 (peserta 3, bagian 1): isinya berubah" in said


def test_a_doubled_sheet_is_named(auditor, written):
    code, said = auditor.verify(packed(edited(whole(written), "sheets.jsonl", lambda lines: lines.append(lines[0]))))
    assert (code, "lembar 1000 (peserta 1, bagian 1): ganda" in said) == (1, True), said


def test_a_sheet_that_was_never_sealed_is_named_by_its_line(auditor, written):
    code, said = auditor.verify(packed(edited(whole(written), "sheets.jsonl", lambda lines: lines.insert(3, b"{}\n"))))
    assert (code, "sheets.jsonl baris 4: tidak ada di dalam segel" in said) == (1, True), said


def test_a_sheet_that_was_taken_out_with_its_leaf_is_missed(written):
    files = edited(
        edited(whole(written), "sheets.jsonl", lambda lines: lines.pop(3)), "leaves.jsonl", lambda x: x.pop(3)
    )
    assert "leaves.jsonl, catatan ke-4: tidak ada" in wrong(packed(files), written.signer)


def test_a_sheet_that_was_taken_out_everywhere_breaks_the_root(written):
    files = whole(written)
    for name in ("sheets.jsonl", "leaves.jsonl", "tree.txt"):
        files = edited(files, name, lambda lines: lines.pop(3))
    assert wrong(packed(files), written.signer) == [
        "pohon lembar tidak menghasilkan akar yang ditandatangani segel ke-1"
    ]


def test_a_changed_tree_is_told_apart_from_a_changed_leaf(written):
    swapped = edited(whole(written), "tree.txt", lambda lines: lines.reverse())
    assert wrong(packed(swapped), written.signer) == ["tree.txt berubah"]
    leaf = edited(whole(written), "leaves.jsonl", lambda x: x.__setitem__(0, x[0].replace(b'"n":1', b'"n":7')))
    assert "leaves.jsonl, catatan ke-1: isinya berubah" in wrong(packed(leaf), written.signer)


def test_another_key_is_told_as_such(tmp_path, written):
    other = Signer(Ed25519PrivateKey.generate())
    code, said = Auditor(tmp_path, other.pem).verify(packed(whole(written)))
    assert code == 1
    assert f"segel ke-1 dibuat dengan kunci lain, bukan kunci yang diberikan: {written.signer.key_id}" in said


def test_a_signature_that_does_not_fit_is_told_as_such(written):
    files, name = whole(written), f"{PLACE}/seals/0001.sig"
    for signature in (b"00" * 64, b"no hexadecimal", b"\xff", b""):
        said = wrong(packed(files | {name: signature}), written.signer)
        assert said == ["segel ke-1: tanda tangan tidak sah; segel atau tanda tangannya berubah"]
    record = files[f"{PLACE}/seals/0001.json"].replace(b'"present":3', b'"present":2')
    assert "tanda tangan tidak sah" in wrong(packed(files | {f"{PLACE}/seals/0001.json": record}), written.signer)[0]


def test_later_seals_extend_earlier_ones_and_none_may_be_missing():
    written = Written(sizes=(4, 6))
    assert wrong(packed(whole(written)), written.signer) == []
    files = whole(written)
    del files[f"{PLACE}/seals/0001.json"], files[f"{PLACE}/seals/0001.sig"]
    assert "segel ke-1 tidak ada" in wrong(packed(files), written.signer)
    files = whole(written)
    del files[f"{PLACE}/seals/0002.json"], files[f"{PLACE}/seals/0002.sig"]
    said = wrong(packed(files), written.signer)
    assert said == ["ada lembar di luar segel terakhir dalam arsip: segel yang lebih baru tidak ada"]


def test_seals_of_two_keys_need_both_keys(written):
    first = written
    second = Written(session=OTHER)
    archive = packed(listing(SESSION, OTHER) | first.files() | second.files())
    assert wrong(archive, first.signer, second.signer) == []
    assert len(wrong(archive, first.signer)) == 1


def test_a_seal_of_another_session_cannot_stand_for_this_one(written):
    other = Written(session=OTHER, signer=written.signer)
    moved = {name.replace(str(OTHER), str(SESSION)): content for name, content in other.files().items()}
    said = wrong(packed(listing(SESSION) | moved), written.signer)
    assert said == ["segel ke-1 milik sesi lain, atau bukan lanjutan segel sebelumnya"]


def test_a_missing_session_and_one_that_is_not_listed_are_named(written):
    assert f"sesi {OTHER} tidak ada, atau tidak utuh, dalam arsip" in wrong(
        packed(listing(SESSION, OTHER) | written.files()), written.signer
    )
    extra = packed(listing(SESSION) | written.files() | Written(session=OTHER, signer=written.signer).files())
    assert f"sesi {OTHER} ganda atau tidak terdaftar" in wrong(extra, written.signer)


def test_an_archive_without_a_session_proves_nothing(auditor):
    code, said = auditor.verify(packed({}))
    assert (code, "tidak menyebut satu sesi pun" in said) == (1, True), said
    assert auditor.verify(b"")[0] == 1
    assert auditor.verify(b"no archive")[0] == 1


def test_a_truncated_archive_is_told_as_such_wherever_it_was_cut(auditor, written):
    archive = packed(whole(written))
    code, said = auditor.verify(archive[: archive.index(b"sheets.jsonl") + 60])
    assert (code, f"arsip terpotong di dalam {PLACE}/sheets.jsonl" in said) == (1, True), said
    for length in range(4, len(archive)):
        assert any("terpotong" in words for words in wrong(archive[:length], written.signer)), length


def test_no_flipped_bit_anywhere_passes(written):
    archive = packed(whole(written))
    chance = random.Random(6962)
    for at in range(len(archive)):
        changed = bytearray(archive)
        changed[at] ^= 1 << chance.randrange(8)
        assert wrong(bytes(changed), written.signer), at


def test_bytes_behind_the_end_are_not_ours(written):
    assert "arsip rusak" in wrong(packed(whole(written)) + b"\0", written.signer)[0]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "sessions/../x", "C:\\x", "sessions//tree.txt"])
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path, written, name):
    code, said = Auditor(tmp_path, written.signer.pem).verify(packed(listing(SESSION) | {name: b"x"}))
    assert (code, "tidak dikenal" in said) == (1, True), said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["arsip.zip", "key0.pem", "verifier.py"]


def test_a_compressed_bomb_is_refused_before_it_is_unpacked(auditor, written):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(f"{PLACE}/sheets.jsonl", b"0" * 50_000_000)
    code, said = auditor.verify(bomb.getvalue())
    assert (code, "kepalanya berubah" in said) == (1, True), said


def test_a_file_that_claims_to_be_huge_is_refused_by_its_size(written):
    before, _line = verifier.headers(f"{PLACE}/seals/0001.json".encode(), 0, 3_000_000_000, 0)
    assert "terlalu besar" in wrong(before, written.signer)[0]


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"key":"' + b"9" * 32 + b'"', b"\xff\xfe", b"1" * 9_000, b"null"]
)
@pytest.mark.parametrize("name", ["seals/0001.json", "leaves.jsonl", "sheets.jsonl", "tree.txt"])
def test_nonsense_is_a_finding_and_no_fault(written, name, content):
    files = whole(written)
    files[f"{PLACE}/{name}"] = content[: 1 << 14]
    assert wrong(packed(files), written.signer)


def test_a_key_that_is_none_ends_the_check_before_it_begins(tmp_path, written):
    code, said = Auditor(tmp_path, "no key").verify(packed(whole(written)))
    assert (code, "bukan kunci publik" in said) == (2, True), said


def test_more_than_an_archive_holds_is_refused_by_who_writes_it():
    with pytest.raises(rules.TooMuch):
        for _piece in rules.pack(Member(f"keys/{n:032x}.pem", b"") for n in range(rules.MOST_FILES + 1)):
            pass
