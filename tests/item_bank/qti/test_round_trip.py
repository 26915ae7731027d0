"""What was written here comes back whole: every stock, every kind, every byte."""

import io
import re
import zipfile

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank import bank
from item_bank.presentation import Hotspot
from item_bank.qti import package
from item_bank.qti.documents import FormOutline, ImportDefaults, PackageRefused
from item_bank.qti.texts import carried
from tests.item_bank.qti.stock import back, changed, every_kind, files_of, item, stock_of, zip_of

ITEMS = every_kind()
WHOLE = stock_of(*ITEMS)
OUTLINES = (
    FormOutline("uji-a", "Uji pertama", 1_800_500, ("Baca dahulu.", "Jawab\nsemua."), ("titik", "7-pilih", "tulis")),
    FormOutline("1b", "Uji kedua", 60_000, (), ("program",)),
)


def twice(stock, outlines=()):
    """Write, read, and write again; give both packages."""
    first = package.export(stock, outlines)
    read = package.read(first, "paket.zip")
    return first, package.export(read.stocks[0], read.outlines)


@pytest.mark.parametrize("stock", bank.samples(), ids=lambda stock: f"{stock.instrument}-{stock.items[0].id}")
def test_every_sample_stock_comes_back_whole_and_in_the_same_bytes(stock):
    first, second = twice(stock)
    read = package.read(first, "paket.zip")
    assert (read.stocks, read.outlines, read.reports, read.kept) == ((stock,), (), (), {})
    assert first == second


def test_one_item_of_every_kind_comes_back_whole_and_in_the_same_bytes():
    first, second = twice(WHOLE, OUTLINES)
    read = package.read(first, "paket.zip")
    assert (read.stocks, read.outlines) == ((WHOLE,), OUTLINES)
    assert first == second


@pytest.mark.parametrize("one", ITEMS, ids=lambda one: one.id)
def test_an_item_alone_comes_back_without_a_word_too_many(one):
    read = back(stock_of(one, parameters="assumed", demonstration=False))
    assert read.stocks == (stock_of(one, parameters="assumed", demonstration=False),)
    assert [report.file for report in read.reports] == (["items/tulis.xml"] if one.id == "tulis" else [])


def test_equal_items_give_equal_bytes_whatever_the_day_and_the_machine():
    content = package.export(stock_of(*every_kind()))
    assert content == package.export(WHOLE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr >> 16) for entry in entries} == {(3, 0o100644)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}


def with_words(one, **changes):
    return msgspec.structs.replace(one, words=msgspec.structs.replace(one.words, **changes))


ODD = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and "\0" not in text)


@settings(max_examples=150, deadline=None)
@given(ODD, ODD, ODD, ODD)
def test_any_words_come_back_exactly_even_those_that_xml_does_not_carry(stem, question, choice, described):
    seen = msgspec.structs.replace(ITEMS[1].words.options[0], text=described)
    first = with_words(ITEMS[1], options=(seen, *ITEMS[1].words.options[1:]))
    told = msgspec.structs.replace(ITEMS[0].words.options[0], text=choice)
    second = with_words(ITEMS[0], options=(told, *ITEMS[0].words.options[1:]), stem=(stem,), question=question)
    stock = stock_of(first, second)
    assert back(stock).stocks == (stock,)


def test_without_our_own_files_the_words_still_come_back():
    """Only what needs a key of ours stays outside: nobody can tell from QTI which ways through a program are right."""
    files = files_of(package.export(WHOLE))
    without = {name: content for name, content in files.items() if not name.startswith("proasn/")}
    listed = re.sub(rb'\s*<file href="proasn/[^>]*>', b"", files["imsmanifest.xml"])
    defaults = ImportDefaults("potential", "intellectual", "impor", "butir impor", ("pelaksana",))
    imported = package.read(zip_of(without | {"imsmanifest.xml": listed}), "lain.zip", defaults)
    (stock,) = imported.stocks
    assert [one.words for one in stock.items] == [carried(one.words) for one in ITEMS if one.id != "program"]
    assert [one.about.topic for one in stock.items] == [one.about.topic for one in ITEMS if one.id != "program"]
    assert "items/program.xml" in imported.kept
    assert package.read(package.export(stock), "sendiri.zip").stocks == (stock,)


def test_a_package_that_another_tool_indented_anew_reads_the_same():
    content = package.export(WHOLE, OUTLINES)
    indented = {
        name: file.replace(b"<qti-prompt>", b"<qti-prompt>\n      ").replace(b"</p>", b"\n  </p>")
        for name, file in files_of(content).items()
    }
    assert package.read(zip_of(indented), "paket.zip").stocks == (WHOLE,)


def test_words_that_were_changed_in_qti_are_taken():
    content = changed(package.export(WHOLE), "items/titik.xml", "Pintu utama", "Pintu barat")
    read = package.read(content, "paket.zip")
    words = read.stocks[0].items[11].words
    assert isinstance(words, Hotspot)
    assert words.regions[0].text == "Pintu barat"
    told = [report for report in read.reports if report.file == "items/titik.xml"]
    assert [(report.what, report.became) for report in told] == [
        ("its words were changed in QTI", "the changed words were taken; the file is kept")
    ]
    assert read.kept["items/titik.xml"] == files_of(content)["items/titik.xml"]


def test_a_key_that_was_changed_in_qti_is_reported_and_ours_stays():
    content = changed(package.export(WHOLE), "items/pilih-2pl.xml", "<qti-value>_1b<", "<qti-value>k<")
    read = package.read(content, "paket.zip")
    assert read.stocks == (WHOLE,)
    assert ("items/pilih-2pl.xml", "its key was changed in QTI") in {(one.file, one.what) for one in read.reports}
    assert "items/pilih-2pl.xml" in read.kept


def test_a_key_that_no_longer_fits_its_item_refuses_the_package():
    content = changed(package.export(WHOLE), "items/pilih-2pl.xml", 'choice identifier="z-9"', 'choice identifier="y"')
    with pytest.raises(PackageRefused, match="item 'pilih-2pl': option 'y' has no place in the key; add it there"):
        package.read(content, "paket.zip")


def test_a_companion_that_is_none_refuses_the_package():
    content = changed(package.export(WHOLE), "proasn/angka.json", '"quantity"', '"luck"')
    with pytest.raises(PackageRefused, match=r"items/angka.xml: 'proasn/angka.json': it is no file of ours"):
        package.read(content, "paket.zip")


def test_words_of_a_companion_of_which_xml_carries_nothing_are_not_taken():
    content = changed(package.export(WHOLE), "proasn/titik.json", '"Apa jawaban titik?"', '" "')
    assert package.read(content, "paket.zip").stocks[0].items[11].words.question == "Apa jawaban titik?"


@pytest.mark.parametrize(
    ("stock", "told"),
    [
        (stock_of(), "there are no items; export at least one"),
        (stock_of(ITEMS[0], ITEMS[0]), "item 'pilih-2pl': the id is there twice; give each item its own"),
        (stock_of(ITEMS[0], instrument="digital_literacy"), "'intellectual' is not measured by digital_literacy"),
        (stock_of(item("kosong", "text", {"model": "rating", "low": 0, "high": 1}, [" "], max_length=9)),
         "item 'kosong': it does not fit the bank"),
        (stock_of(msgspec.structs.replace(ITEMS[0], about=msgspec.structs.replace(ITEMS[0].about, topic="a\ud800b"))),
         "half a character"),
        (stock_of(msgspec.structs.replace(ITEMS[0], key=msgspec.structs.replace(ITEMS[0].key, b=float("nan")))),
         "item 'pilih-2pl': it does not fit the bank"),
    ],
)  # fmt: skip
def test_what_could_not_be_read_again_is_not_written(stock, told):
    with pytest.raises(PackageRefused, match=r"^export: ") as refused:
        package.export(stock)
    assert told in str(refused.value)


def test_all_that_is_wrong_with_outlines_is_told_at_once():
    wrong = FormOutline("Uji A", "Dua\nbaris", 10, ("dua  spasi",), ("titik", "titik", "hantu"))
    empty = FormOutline("kosong", "Kosong", 60_000, (), ())
    with pytest.raises(PackageRefused) as refused:
        package.export(WHOLE, [wrong, empty, empty])
    parts = ("code does not fit", "on one line", "double blanks", "from 1000 to", "'titik' twice", "'hantu', which",
             "name at least one", "name at least one", "the code is there twice")  # fmt: skip
    for part in parts:
        assert part in str(refused.value)
    assert len(refused.value.problems) == len(parts)
