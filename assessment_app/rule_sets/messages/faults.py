"""What is wrong with a document, one sentence for each fault: which rule, what of it, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark, show_number
from assessment_app.rule_sets.messages import RULE_NAMES
from assessment_app.rule_sets.messages.words import CHOICE_NAMES, KEY_NAMES

SENTENCES = {
    "missing": mark("%(rule)s: aturan ini tidak ada. Tambahkan dengan nilai, sumber, dan tandanya."),
    "unknown": mark("%(rule)s: aturan ini tidak dikenal. Hapus, atau betulkan namanya."),
    "no_source": mark("%(rule)s: sumbernya kosong atau terlalu panjang. Tulis dasar aturannya, paling banyak "
                      "%(most)s huruf."),
    "no_mark": mark("%(rule)s: tanda \"%(mark)s\" tidak dikenal. Pilih V2, V1, M, atau D."),
    "form": mark("%(rule)s: bentuk nilainya tidak dikenal. Salin bentuknya dari set yang berlaku, lalu isi lagi."),
    "number": mark("%(rule)s: isi angka dari %(least)s sampai %(most)s."),
    "whole": mark("%(rule)s: isi bilangan bulat dari %(least)s sampai %(most)s."),
    "between": mark("%(rule)s: isi angka di antara %(least)s dan %(most)s, misalnya 0,75."),
    "yes_or_no": mark("%(rule)s: pilih ya atau tidak."),
    "choice": mark("%(rule)s: pilih salah satu dari %(options)s."),
    "lacks": mark("%(rule)s: belum ada nilainya. Isi nilainya."),
    "extra": mark("%(rule)s: tidak dikenal di aturan ini. Hapus, atau betulkan namanya."),
    "sum": mark("%(rule)s: jumlahnya %(sum)s. Ubah sampai jumlahnya tepat %(total)s."),
    "above": mark("%(rule)s: %(upper)s harus di atas %(lower)s. Naikkan yang pertama atau turunkan yang kedua."),
    "not_below": mark("%(rule)s: %(upper)s tidak boleh di bawah %(lower)s. Naikkan yang pertama atau turunkan yang "
                      "kedua."),
    "three_categories": mark("%(rule)s: tulis tepat tiga kategori dengan dua batas bawah, karena sumbu kotak "
                             "bertiga."),
    "category_names": mark("%(rule)s: setiap kategori perlu nama yang berbeda. Isi atau ganti namanya."),
    "category_order": mark("%(rule)s: batas bawah kategori teratas (%(above)s) harus di atas kategori tengah "
                           "(%(below)s), supaya tidak ada celah atau tumpang tindih. Ubah salah satunya."),
    "starts_at_zero": mark("%(rule)s: langkah pertama harus mulai dari 0, supaya tidak ada celah. Ubah menjadi 0."),
    "steps_rise": mark("%(rule)s: langkah mulai %(above)s harus sesudah langkah mulai %(below)s dan nilainya tidak "
                       "boleh turun. Urutkan langkahnya."),
    "permutation": mark("%(rule)s: pakai setiap nomor dari 1 sampai 9 tepat satu kali."),
    "nine_cells": mark("%(rule)s: isi tabel tiga baris dan tiga kolom."),
    "matrix_falls": mark("%(rule)s: predikat tidak boleh turun bila hasil atau perilaku naik. Butuh Perbaikan ada di "
                         "atas Kurang; ubah sel yang turun."),
    "empty": mark("%(rule)s: kosong. Tulis sedikitnya satu kalimat."),
    "boxes": mark("%(rule)s: tulis nomor kotak dari 1 sampai 9, masing-masing satu kali."),
    "not_of_agency": mark("%(rule)s: kotak %(boxes)s ada di kelompok nasional tetapi tidak di instansi. Tambahkan ke "
                          "instansi atau hapus dari nasional."),
    "too_few_weighted": mark("%(rule)s: diminta %(least)s aspek, tetapi hanya %(weighted)s yang berbobot. Turunkan "
                             "jumlahnya atau beri bobot."),
    "cap_too_low": mark("%(rule)s: batas %(cap)s di bawah batas kategori teratas (%(highest)s), sehingga kategori itu "
                        "tidak pernah tercapai. Naikkan batasnya."),
    "schema": mark("Berkas ini bukan set aturan: perlu \"schema\": \"proasn/rules/1\" dan \"rules\". Unduh set yang "
                   "berlaku dan ubah berkas itu."),
    "version": mark("Versi set aturan kosong atau terlalu panjang. Isi versi, paling banyak %(most)s huruf."),
    "effective": mark("Tanggal mulai berlaku tidak terbaca. Isi tanggal dengan zona waktu, misalnya "
                      "2027-01-01T00:00:00+07:00."),
}  # fmt: skip


def sentence(rule: str, fault: str, known: Mapping[str, Any]) -> str:
    """Say in one sentence what is wrong with a rule and what to do."""
    words = {name: _written(rule, name, value) for name, value in known.items()}
    place = words.pop("place", "")
    title = rule_name(rule)
    return _(SENTENCES[fault], rule=f"{title} ({place})" if place else title, **words)


def rule_name(rule: str) -> str:
    """Name a rule; one that is not known keeps its key."""
    return _(RULE_NAMES[rule]) if rule in RULE_NAMES else rule[:80]


def key_name(rule: str, key: str) -> str:
    """Name what stands for a key of a rule; a key that is not known stays as it is."""
    names = KEY_NAMES.get(rule, {})
    return _(names[key]) if key in names else key[:80]


def _written(rule: str, name: str, value: Any) -> str:
    match value:
        case tuple():
            names = CHOICE_NAMES.get(rule, {})
            return "; ".join(_(names[one]) if one in names else _plain(one) for one in value)
        case list():
            return ", ".join(map(str, value))
        case str():
            return key_name(rule, value) if name in ("place", "upper", "lower") else value[:80]
        case _:
            return show_number(value)


def _plain(option: str | float) -> str:
    return option if isinstance(option, str) else str(option).replace(".", ",")
