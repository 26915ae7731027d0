"""Texts, dates and numbers in both languages; and every text of the code has its translation."""

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask, g

from assessment_app.platform import catalogue, settings, texts

NOON = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)
OTHERS = [language for language in texts.LANGUAGES if language != texts.SOURCE]


@pytest.fixture
def app():
    settings.use(settings.Settings())
    app = Flask("any")
    texts.install(app)
    return app


@pytest.fixture(params=["id"])
def reader(app, request):
    """A request of somebody who reads this language."""
    with app.test_request_context(headers={"Cookie": f"lang={request.param}"}):
        yield app


def render(app, template, **values):
    return app.jinja_env.from_string(template).render(**values)


def in_both(*cases):
    """Give each case once for Indonesian, once for English."""
    return pytest.mark.parametrize(("reader", "template", "shown"), [
        (language, template, shown[n]) for template, *shown in cases for n, language in enumerate(("id", "en"))
    ], indirect=["reader"])  # fmt: skip


@in_both(
    ("{{ moment | datetime }}", "22 November 2026 10.05 WIB", "22 November 2026 10:05 WIB"),
    ("{{ moment | datetime('short') }}", "22 Nov 2026 10.05 WIB", "22 Nov 2026 10:05 WIB"),
    ("{{ moment | datetime(zone='Asia/Jayapura') }}", "22 November 2026 12.05 WIT", "22 November 2026 12:05 WIT"),
    ("{{ moment | date('full') }}", "Minggu, 22 November 2026", "Sunday, 22 November 2026"),
    ("{{ day | date }}", "17 Agustus 2026", "17 August 2026"),
    ("{{ moment | time }}", "10.05 WIB", "10:05 WIB"),
    ("{{ clock | time }}", "07.30", "07:30"),
    ("{{ none | datetime }}{{ none | date }}{{ none | time }}{{ none | number }}", "----", "----"),
    ("{{ 1905.5 | number }}", "1.905,5", "1,905.5"),
    ("{{ 1905 | number }}", "1.905", "1,905"),
    ("{{ 2 | number(2) }}", "2,00", "2.00"),
    ("{{ -0.5 | number }}", "−0,5", "−0.5"),
    ("{{ 0.125 | percent }}", "12,5%", "12.5%"),
    ("{{ 0.93 | percent(0) }}", "93%", "93%"),
    ("{{ '198503122010012014' | nip }}", "19850312 201001 2 014", "19850312 201001 2 014"),
    ("{{ '12345' | nip }}", "12345", "12345"),
)  # fmt: skip
def test_dates_and_numbers_are_written_as_the_reader_writes_them(reader, template, shown):
    given = {"moment": NOON, "day": date(2026, 8, 17), "clock": time(7, 30)}
    assert render(reader, template, **given) == shown


def test_the_zone_is_that_of_the_readers_agency(reader):
    g.timezone = "Asia/Makassar"
    assert render(reader, "{{ moment | time }}", moment=NOON) == "11.05 WITA"


def test_a_day_is_the_day_of_the_zone(reader):
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert render(reader, "{{ late | date }} {{ late | date(zone='Asia/Jayapura') }}", late=late) == (
        "22 November 2026 23 November 2026"
    )


@in_both(
    ("{{ _('Keluar') }}", "Keluar", "Sign out"),
    ("{{ _('Teks yang tidak ada di katalog') }}", "Teks yang tidak ada di katalog", "Teks yang tidak ada di katalog"),
    ("{{ _('sampai %(time)s', time='10.00') }}", "sampai 10.00", "until 10.00"),
    ("{{ ngettext('%(num)s akun', '%(num)s akun', 1) }}", "1 akun", "1 account"),
    ("{{ ngettext('%(num)s akun', '%(num)s akun', 3) }}", "3 akun", "3 accounts"),
)
def test_texts_are_said_in_the_readers_language(reader, template, shown):
    assert render(reader, template) == shown


def test_values_are_escaped(reader):
    assert render(reader, "{{ _('sampai %(time)s', time='<b>') }}") in ("sampai &lt;b&gt;", "sampai <b>")
    escaping = reader.jinja_env.overlay(autoescape=True)
    assert escaping.from_string("{{ _('sampai %(time)s', time='<b>') }}").render() == "sampai &lt;b&gt;"


@pytest.mark.parametrize("reader", ["xx", "../../etc", ""], indirect=True)
def test_an_unknown_language_is_the_installations_own(reader):
    assert texts.language() == "id"


def test_an_installation_may_read_english_first(app):
    app.config["LANGUAGE"] = "en"
    with app.test_request_context():
        assert texts.gettext("Keluar") == "Sign out"


def test_outside_a_request_texts_are_indonesian():
    assert texts.gettext("Keluar") == "Keluar"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    missing = catalogue.untranslated(language)
    said = catalogue.source_texts()
    listed = "\n".join(f"{said[text][0]}: {text!r}" for text in missing)
    assert not missing, f"run `python -m assessment_app.platform.catalogue` and translate:\n{listed}"


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_nothing_that_nobody_says(language):
    said = {text if isinstance(text, str) else text[0] for text in catalogue.source_texts()}
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue.read(language)}
    assert known - said <= {""}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_source(language):
    for message in catalogue.read(language):
        for form in filter(None, forms_of(message.string) if message.id else ()):
            assert places(form) == places(forms_of(message.id)[0]), message.id


def forms_of(text):
    return [text] if isinstance(text, str) else list(text)


def places(text):
    """Names of the values that a text asks for."""
    return sorted({part.split(")")[0] for part in text.split("%(")[1:]})


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A package of one module and one template, with a catalogue of its own."""
    monkeypatch.setattr(catalogue, "HOUSE", tmp_path)
    folder = tmp_path / "exam" / "templates" / "exam"
    folder.mkdir(parents=True)
    (folder / "a.html").write_text("{{ _('Mulai') }}{{ name }}")
    catalogue.path_of("en").parent.mkdir(parents=True)
    catalogue.path_of("en").write_text('msgid "Mulai"\nmsgstr "Start"\n\nmsgid "Usang"\nmsgstr "Stale"\n')
    return tmp_path


def test_what_is_marked_is_found(house):
    (house / "a.py").write_text(
        'class Gone(Refusal):\n    status, title = 410, "Sudah tidak ada."\n'
        'class Late(Gone):\n    title = "Terlambat."\n'
        'x = mark("Peran"), _("Satu"), Invalid("Baris kosong."), ngettext("satu", "banyak", 2), other("Bukan")\n'
    )
    assert set(catalogue.source_texts()) == {
        "Sudah tidak ada.", "Terlambat.", "Peran", "Satu", "Baris kosong.", ("satu", "banyak"), "Mulai",
    }  # fmt: skip


def test_a_missing_text_is_added_and_an_old_one_dropped(house):
    (house / "a.py").write_text('x = _("Baru")\n')
    assert catalogue.add_missing("en") == 1
    assert {m.id: m.string for m in catalogue.read("en") if m.id} == {"Baru": "", "Mulai": "Start"}
