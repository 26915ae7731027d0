"""A stock with one item of every kind, with pictures, a table and a stem that two share; and packages to spoil."""

import base64
import io
import struct
import zipfile
import zlib

import msgspec

from item_bank.bank import BankItem, Stock
from item_bank.qti import package

SVG_DATA = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="50" height="40"/></svg>'


def chunk(name, content=b""):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0))
PNG_FILE = b"\x89PNG\r\n\x1a\n" + HEADER + chunk(b"IDAT", zlib.compress(b"\0\0\0\0" * 2)) + chunk(b"IEND")
FRAME = b"\xff\xc0" + struct.pack(">H", 11) + b"\x08\0\x02\0\x03\x01\x01\x11\0"
JPEG_FILE = b"\xff\xd8" + FRAME + b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\0\0\x3f\0" + b"\x12\xff\xd9"


def image(media, width=200, height=100):
    files = {"png": PNG_FILE, "jpeg": JPEG_FILE}
    data = base64.b64encode(files[media]).decode() if media in files else SVG_DATA
    return {"media": f"image/{media}", "width": width, "height": height, "data": data}


def picture(media, text="Denah kantor dengan dua pintu."):
    return {**image(media), "text": text}


SHARED = ["Loket A melayani 40 warga & loket B 25.", 'Kepala dinas berkata, "Kurang dari <50>."']
OPTIONS = [{"id": name, "text": f"Pilihan {name}."} for name in ("k", "1b", "m", "z-9")]
TABLE = {"caption": "Warga yang dilayani", "head": ["Loket", "Pagi", "Siang"],
         "rows": [["A", "12", ""], ["B", "7\nlebih", "9"]]}  # fmt: skip
SCREENS = [
    {"id": "awal", "look": "mail", "title": "Kotak masuk", "head": ["Dari", "Perihal"],
     "rows": [{"cells": ["Bank  <x>", "Segera"], "step": "buka", "mark": "strong"}], "steps": ["tutup"]},
    {"id": "isi", "look": "mail", "title": "Segera", "rows": [{"cells": ["Klik \u201cdi sini\u201d."]}],
     "steps": ["1hapus"]},
]  # fmt: skip
STEPS = [{"id": "buka", "text": "Buka", "to": "isi"}, {"id": "tutup", "text": "Tutup"},
         {"id": "1hapus", "text": "Hapus", "to": "awal", "says": "Surat\ndihapus."}]  # fmt: skip
WAYS = [{"credit": 2, "taken": ["buka", "1hapus"], "in_order": True}, {"credit": 1, "taken": ["tutup"]}]
REGIONS = [{"id": "pintu", "text": "Pintu utama", "x": 10, "y": 12.5, "width": 33.3, "height": 20},
           {"id": "2", "text": "Pintu belakang", "x": 60, "y": 0, "width": 40, "height": 100}]  # fmt: skip


def item(name, kind, key, stem=(), offered=("whole",), **words):
    """Give an item as the bank reads it."""
    told = {
        "words": {"kind": kind, "id": name, "stem": list(stem), "question": f"Apa jawaban {name}?", **words},
        "key": {"id": name, "construct": "intellectual", **({} if "statements" in key else {"a": 1.25, "b": [0.5]}),
                "rationale": {one: f"Alasan untuk {one}, cukup panjang." for one in offered}, **key},
        "about": {"facet": "uji", "topic": f"uji {name}", "job_levels": ["pelaksana", "jpt"]},
    }  # fmt: skip
    return msgspec.convert(told, BankItem)


NAMES = [option["id"] for option in OPTIONS]
CREDITS = {"k": 0, "1b": 2, "m": 1, "z-9": 0}
BLOCK = {name: {"loading": 0.5 + 0.2 * n, "mean": -0.1 * n, "psi": 1.0} for n, name in enumerate(NAMES)}
ALIKE = {"offered": NAMES, "options": OPTIONS}


def every_kind():
    """Give one item of each kind and way to score it."""
    seen = [{**option, "image": image(media)} for option, media in zip(OPTIONS, ["png", "jpeg", "svg+xml"] * 2,
                                                                         strict=False)]  # fmt: skip
    return [
        item("pilih-2pl", "choice", {"model": "2pl", "b": -1, "credit": CREDITS | {"1b": 1, "m": 0}}, SHARED, **ALIKE),
        item("pilih-grm", "choice", {"model": "grm", "b": [-1, 0.5], "credit": CREDITS}, SHARED, NAMES, options=seen),
        item("7-pilih", "choices", {"model": "set", "right": ["k", "m"]}, ["Satu."], **ALIKE, at_most=3, table=TABLE),
        item("pilih-bagian", "choices", {"model": "set", "b": [0, 1], "right": ["1b", "m"]}, **ALIKE, at_most=20),
        item("urut", "order", {"model": "sequence", "right": NAMES[::-1]}, ["Kasus\nlain."], **ALIKE),
        item("urut-tetangga", "order", {"model": "sequence", "b": [-1, 0, 1], "right": NAMES}, **ALIKE,
             picture=picture("png")),
        item("paling", "most_least", {"model": "thurstone", "statements": BLOCK}, **ALIKE),
        item("skala", "rating", {"model": "rating", "b": [-1, 0, 1, 2], "low": 1, "high": 5, "reverse": True},
             low=1, high=5, low_text="Tidak setuju", high_text="Sangat setuju"),
        item("angka", "number", {"model": "quantity", "value": "12.50", "tolerance": "0.25"}, unit="kg", table=TABLE,
             picture=picture("jpeg")),
        item("angka-tepat", "number", {"model": "quantity", "value": "-7"}),
        item("tulis", "text", {"model": "rating", "b": [-1, 1], "low": 0, "high": 2}, ["Tulislah."], max_length=900),
        item("titik", "hotspot", {"model": "set", "right": ["2"]}, offered=["pintu", "2"], at_most=1, regions=REGIONS,
             picture=picture("svg+xml", 'Denah "lama"')),
        item("program", "simulation", {"model": "steps", "b": [-1, 1], "ways": WAYS},
             ["Ada surel."], [step["id"] for step in STEPS], screens=SCREENS, steps=STEPS, at_most=20),
    ]  # fmt: skip


def stock_of(*items, instrument="potential", demonstration=True, parameters="calibrated"):
    return Stock(instrument, demonstration, parameters, tuple(items))


def files_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_of(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(content, name, old, new):
    """Change a file of a package, as another tool would."""
    files = files_of(content)
    assert old.encode() in files[name], files[name].decode()
    return zip_of(files | {name: files[name].replace(old.encode(), new.encode())})


def back(stock, outlines=()):
    return package.read(package.export(stock, outlines), "paket.zip")
