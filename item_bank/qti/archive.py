"""The zip around a package: written so that equal files give equal bytes, and unpacked in memory within limits."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from item_bank.qti.documents import PackageRefused

MOST_TOTAL, MOST_FILE, MOST_FILES = 200_000_000, 20_000_000, 20_000
"""Bytes of all files unpacked, of one file, and how many files."""
MOST_RATIO, SMALL = 200, 65_536
"""A file may unpack to so many times its packed size; one that stays small can harm nobody, whatever its ratio."""
MOST_NAME = 200

_END, _END64, _ENTRY = b"PK\x05\x06", b"PK\x06\x07", b"PK\x01\x02"
_END_SIZE, _LONGEST_COMMENT, _LOCATOR64 = 22, 65_535, 20
_MOST_PER_ENTRY = 2048
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DRIVE = re.compile(r"[A-Za-z]:")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_BROKEN = (BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError, struct.error,
           zlib.error)  # fmt: skip
"""What the standard library's reader fails with on an archive that is damaged or made to hurt; NotImplementedError is
its word for a way of packing that it does not know."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Write an archive: sorted names, one date, one set of rights, deflate at a level that follows from the content."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=_level(name, files[name]))
    return out.getvalue()


def _level(name: str, content: bytes) -> int:
    """Spare photographs, and what would shrink so much that a reader takes it for a bomb."""
    if name.endswith((".png", ".jpg")):
        return 0
    return 0 if len(content) > SMALL and len(zlib.compress(content, 9)) * MOST_RATIO // 2 < len(content) else 9


def problems_of_size(files: Mapping[str, bytes]) -> Iterator[str]:
    """Say where files to be packed are more, or larger, than would be unpacked again."""
    if len(files) > MOST_FILES:
        yield f"there are {len(files)} files, at most {MOST_FILES}; export fewer items at once"
    if sum(map(len, files.values())) > MOST_TOTAL:
        yield f"the files have more than {MOST_TOTAL} bytes together; export fewer items at once"
    for name, content in files.items():
        if len(content) > MOST_FILE:
            yield f"{name}: it has {len(content)} bytes, at most {MOST_FILE}; make it smaller"


def unpack(content: bytes, source: str) -> dict[str, bytes]:
    """Unpack an archive into memory; refuses with PackageRefused whatever is damaged, oversized or sly."""
    _refuse(source, [*_problems_of_whole(content)])
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _refuse(source, [*_problems_of_entries(entries)])
            return _read_all(archive, [entry for entry in entries if not entry.is_dir()], source)
    except PackageRefused:
        raise
    except _BROKEN as error:
        raise PackageRefused(source, [f"the zip file is damaged or cut off ({error}); send it again whole"]) from error


def _refuse(source: str, problems: Sequence[str]) -> None:
    if problems:
        raise PackageRefused(source, problems)


def _problems_of_whole(content: bytes) -> Iterator[str]:
    """Look at the end of the archive before anything lists its files: a list without end would take minutes."""
    if len(content) > MOST_TOTAL:
        yield f"the file has {len(content)} bytes, at most {MOST_TOTAL}; send fewer items at once"
        return
    if content[:2] != b"PK":
        yield "it is no zip file; send the QTI package as the other system exported it"
        return
    at = _end_of(content)
    if at < 0:
        yield "the zip file is cut off: its list of files is missing; send it again whole"
        return
    if content[max(0, at - _LOCATOR64) : at].startswith(_END64):
        yield "it is a zip file of the kind for more than 4 GB; pack it as an ordinary one"
        return
    size, offset = struct.unpack("<II", content[at + 12 : at + 20])
    listed = content[max(0, at - size) : at]
    if size > MOST_FILES * _MOST_PER_ENTRY or listed.count(_ENTRY) > MOST_FILES:
        yield f"it lists more than {MOST_FILES} files; send fewer items at once"
    elif offset + size > at:
        yield "the zip file is damaged: its list of files lies outside; send it again whole"


def _end_of(content: bytes) -> int:
    """Find the record at the end in the way of the standard library, so that both look at the same one."""
    last = len(content) - _END_SIZE
    if last >= 0 and content[last : last + 4] == _END and content[-2:] == b"\0\0":
        return last
    at = content.rfind(_END, max(0, last - _LONGEST_COMMENT))
    return at if at <= last else -1


def _problems_of_entries(entries: Sequence[ZipInfo]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.orig_filename
        yield from (f"{name[:MOST_NAME]!r}: {problem}" for problem in (*_of_name(name), *_of_kind(entry)))
        alike = unicodedata.normalize("NFKC", name).casefold().rstrip("/")
        if alike in seen:
            yield f"{name[:MOST_NAME]!r}: the name is there twice (as {seen[alike]!r}); give each file its own"
        seen.setdefault(alike, name[:MOST_NAME])
    if sum(entry.file_size for entry in entries) > MOST_TOTAL:
        yield f"the files would unpack to more than {MOST_TOTAL} bytes; send fewer items at once"


def _of_name(name: str) -> Iterator[str]:
    if len(name) > MOST_NAME:
        yield f"the name has more than {MOST_NAME} letters; shorten it"
    if _UNPRINTABLE.search(name):
        yield "the name has characters that cannot be printed; rename the file"
    if "\\" in name:
        yield "the name has a backslash; write folders with /"
    if name.startswith("/") or _DRIVE.match(name):
        yield "the name begins at a root or a drive; names are relative to the package"
    if {"..", ".", ""} & set(name.removesuffix("/").removeprefix("/").split("/")):
        yield "the name leads out of the package or through empty folders; remove such parts"


def _of_kind(entry: ZipInfo) -> Iterator[str]:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield "it is a link or a device, no file; pack the file itself"
    if entry.flag_bits & _ENCRYPTED:
        yield "it is encrypted; pack it without a password"
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        yield "it is packed in a way that is not read here; pack it with deflate"
    if entry.file_size > MOST_FILE:
        yield f"it would unpack to {entry.file_size} bytes, at most {MOST_FILE}; make it smaller"
    elif entry.file_size > _room(entry):
        yield f"it would unpack to more than {MOST_RATIO} times its size; such a file is refused as a bomb"


def _room(entry: ZipInfo) -> int:
    return max(SMALL, MOST_RATIO * entry.compress_size)


def _read_all(archive: ZipFile, entries: Sequence[ZipInfo], source: str) -> dict[str, bytes]:
    """Unpack one after the other and count what comes out: what a header says of a size may be a lie."""
    files: dict[str, bytes] = {}
    left = MOST_TOTAL
    for entry in entries:
        room = min(MOST_FILE, left, _room(entry))
        with archive.open(entry) as packed:
            content = packed.read(room + 1)
        if len(content) > room:
            raise PackageRefused(source, [f"{entry.filename!r}: it unpacks beyond {room} bytes; refused as a bomb"])
        if len(content) != entry.file_size:
            raise PackageRefused(source, [f"{entry.filename!r}: it is cut off; send the package again whole"])
        files[entry.orig_filename] = content
        left -= len(content)
    return files
