"""A zip file that is made to hurt is refused by name, at once, and without a file written anywhere."""

import builtins
import io
import random
import stat
import struct
import zipfile

import pytest

from item_bank.qti import archive, package
from item_bank.qti.documents import PackageRefused
from tests.item_bank.qti.foreign import DEFAULTS, correct, item, options, package_of
from tests.item_bank.qti.stock import every_kind, files_of, stock_of, zip_of

GOOD = package_of(item(options("A", "B"), correct("B")))
NOISE = random.Random(7).randbytes(19_000_000)
pytestmark = pytest.mark.timeout(30)  # what has no end must not be read to its end; the rest takes a second


def refused(content):
    """Read what must be refused; give all that was told."""
    with pytest.raises(PackageRefused) as told:
        package.read(content, "jahat.zip", DEFAULTS)
    assert all(line.startswith("jahat.zip: ") for line in str(told.value).splitlines())
    return str(told.value)


def entry(name, content=b"x", mode=stat.S_IFREG | 0o644, method=zipfile.ZIP_STORED):
    """Give a package with one more file, of which the directory may say anything."""
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as packed:
        more = zipfile.ZipInfo(name)
        more.external_attr = mode << 16
        more.compress_type = method
        packed.writestr(more, content)
    return out.getvalue()


def told_sizes(content, size):
    """Make all headers say that the last file unpacks to so many bytes."""
    changed = bytearray(content)
    at = changed.rfind(b"PK\x01\x02")
    changed[at + 24 : at + 28] = struct.pack("<I", size)
    local = struct.unpack("<I", changed[at + 42 : at + 46])[0]
    changed[local + 22 : local + 26] = struct.pack("<I", size)
    return bytes(changed)


def test_the_package_from_which_the_others_are_made_is_read():
    assert len(package.read(GOOD, "baik.zip", DEFAULTS).stocks) == 1
    assert len(package.read(entry("a.txt"), "baik.zip", DEFAULTS).stocks) == 1


def test_zip_bomb_by_one_file():
    assert "at most 20000000; make it smaller" in refused(
        entry("a.txt", bytes(21_000_000), method=zipfile.ZIP_DEFLATED)
    )


def test_zip_bomb_by_ratio():
    assert "more than 200 times its size" in refused(entry("a.txt", bytes(19_000_000), method=zipfile.ZIP_DEFLATED))


def test_zip_bomb_by_all_files_together():
    content = bytearray(zip_of({f"{n}.bin": NOISE[:100_000] for n in range(11)}))
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 24 : at + 28] = struct.pack("<I", 19_900_000)
        at += 4
    assert "would unpack to more than 200000000 bytes; send fewer items at once" in refused(bytes(content))


def test_all_files_together_are_measured_while_they_unpack(monkeypatch):
    content = zip_of({f"{n}.bin": NOISE[:100_000] for n in range(11)})
    monkeypatch.setattr(archive, "MOST_TOTAL", 1_099_999)
    monkeypatch.setattr(archive, "_problems_of_whole", lambda content: [])
    monkeypatch.setattr(archive, "_problems_of_entries", lambda entries: [])
    assert "'10.bin': it unpacks beyond 99999 bytes; refused as a bomb" in refused(content)


def test_an_archive_that_is_too_large_itself():
    assert "the file has 209000" in refused(zip_of({f"{n}.bin": NOISE for n in range(11)}))


def test_zip_bomb_whose_headers_lie_about_what_it_unpacks_to():
    bomb = entry("a.txt", bytes(19_000_000), method=zipfile.ZIP_DEFLATED)
    assert "damaged or cut off" in refused(told_sizes(bomb, 1000))


def test_zip_bomb_is_measured_while_it_unpacks(monkeypatch):
    """Even a bomb whose headers nobody looked at is stopped by what comes out."""
    bomb = entry("a.txt", bytes(19_000_000), method=zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(archive, "_problems_of_entries", lambda entries: [])
    assert "refused as a bomb" in refused(bomb)


def test_zip_bomb_of_files_that_lie_on_each_other():
    """Many names for the same packed bytes: the directory is small, what it unpacks to is not."""
    content = zip_of({"a.bin": NOISE})
    at = content.rfind(b"PK\x01\x02")
    end = content.rfind(b"PK\x05\x06")
    listed = b"".join(content[at:end].replace(b"a.bin", b"%05d" % n) for n in range(15))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 15, 15, len(listed), at, 0)
    assert "more than 200000000 bytes" in refused(content[:at] + listed + tail)


def test_too_many_files():
    told = refused(zip_of({f"{n}.txt": b"" for n in range(20_001)}))
    assert "it lists more than 20000 files; send fewer items at once" in told


def test_a_list_of_files_without_end():
    name = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listed = name * 2_000_000
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65535, 65535, len(listed), 2, 0)
    assert "it lists more than 20000 files" in refused(b"PK" + listed + tail)


def test_a_zip_file_of_the_kind_for_more_than_4_gb():
    at = GOOD.rfind(b"PK\x05\x06")
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1)
    assert "for more than 4 GB" in refused(GOOD[:at] + locator + GOOD[at:])


def test_nested_zips_are_not_opened():
    bomb = entry("a.txt", bytes(19_000_000), method=zipfile.ZIP_DEFLATED)
    imported = package.read(entry("inner.zip", bomb), "baik.zip", DEFAULTS)
    assert imported.kept["inner.zip"] == bomb


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("../evil.txt", "leads out of the package"),
        ("a/../../evil.txt", "leads out of the package"),
        ("a/./b.txt", "leads out of the package or through empty folders"),
        ("a//b.txt", "leads out of the package or through empty folders"),
        ("/etc/passwd", "begins at a root or a drive"),
        ("C:/evil.txt", "begins at a root or a drive"),
        ("..\\evil.txt", "has a backslash"),
        ("a\\b.txt", "has a backslash"),
        ("a\x1b.txt", "cannot be printed"),
        ("a" * 201, "more than 200 letters"),
    ],
)
def test_path_traversal(name, what):
    assert what in refused(entry(name))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_symlinks_and_devices(kind):
    assert "it is a link or a device" in refused(entry("link", b"/etc/passwd", kind | 0o777))


@pytest.mark.parametrize("twin", ["item1.xml", "ITEM1.XML", "item\uff11.xml", "\u0131tem1.xml".replace("\u0131", "I")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_names_also_by_case_or_normalisation(twin):
    assert "the name is there twice (as 'item1.xml')" in refused(entry(twin))


def test_duplicate_names_by_composed_letters():
    assert "there twice" in refused(zip_of({"caf\u00e9.txt": "", "cafe\u0301.txt": ""}))


def test_encrypted_entries():
    changed = bytearray(entry("a.txt"))
    changed[changed.rfind(b"PK\x01\x02") + 8] |= 1
    assert "it is encrypted; pack it without a password" in refused(bytes(changed))


def test_other_ways_to_pack():
    assert "packed in a way that is not read here" in refused(entry("a.txt", method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize("kept", [10, 100, 600, len(GOOD) // 2, len(GOOD) - 30, len(GOOD) - 1])
def test_truncated_zip(kept):
    told = refused(GOOD[:kept])
    assert "cut off" in told or "damaged" in told


def test_bytes_that_were_changed_on_the_way():
    content = bytearray(zip_of({"imsmanifest.xml": b"<manifest/>" * 20}))
    content[45] ^= 0xFF
    assert "damaged or cut off" in refused(bytes(content))


@pytest.mark.parametrize("content", [b"", b"Hello, this is no zip.", b"PK", b"%PDF-1.7", b"\0" * 5000, b"<xml/>"])
def test_a_zip_that_is_a_text_file(content):
    told = refused(content)
    assert "it is no zip file" in told or "cut off" in told


def test_what_the_local_header_calls_otherwise():
    content = bytearray(entry("a.txt"))
    at = content.find(b"a.txt")
    content[at : at + 5] = b"b.txt"
    assert "damaged or cut off" in refused(bytes(content))


def test_all_problems_of_an_archive_are_told_at_once():
    told = refused(entry("../a\\b", b"x", stat.S_IFLNK | 0o777))
    assert len(told.splitlines()) == 3


def test_a_hundred_problems_are_told_and_the_rest_counted():
    told = refused(zip_of({f"../{n}": b"" for n in range(15_000)}))
    assert "and 14900 problems more; mend these first" in told


def test_nothing_is_written_to_disk_and_nothing_is_fetched(monkeypatch):
    content = package.export(stock_of(*every_kind()))
    monkeypatch.setattr(builtins, "open", None)
    monkeypatch.setattr(io, "open", None)
    monkeypatch.setattr("os.open", None)
    monkeypatch.setattr("socket.socket", None)
    assert package.read(content, "paket.zip").stocks


def test_a_photograph_is_not_packed_into_what_looks_like_a_bomb():
    files = {"pictures/a.png": bytes(300_000), "proasn/a.json": b" " * 500_000}
    assert archive.unpack(archive.pack(files), "paket.zip") == files


def test_more_than_can_be_read_again_is_not_written():
    told = [*archive.problems_of_size({f"{n}": b"" for n in range(20_001)} | {"big": bytes(20_000_001)})]
    assert told == [
        "there are 20002 files, at most 20000; export fewer items at once",
        "big: it has 20000001 bytes, at most 20000000; make it smaller",
    ]


def test_folders_are_no_files():
    files = files_of(GOOD)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.mkdir("folder")
        for name, content in files.items():
            packed.writestr(name, content)
    assert package.read(out.getvalue(), "baik.zip", DEFAULTS).kept.keys() == {"item1.xml"}
