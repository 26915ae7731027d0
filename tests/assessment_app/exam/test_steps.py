"""The steps to the start have the same names and numbers wherever they are told."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
BAR = ["Masuk", "Identitas", "Pakta integritas", "Cek komputer", "Latihan", "Mulai"]


def test_the_sign_in_page_announces_the_steps_of_the_bar(server):
    client = server.test_client()
    told = re.findall(r"<li><b>([^<]+)</b>", client.get("/").text)
    bars = re.findall(r'<ol class="stepper".*?</ol>', client.get("/sitting").text, re.DOTALL)
    assert told == BAR
    assert [re.findall(r"<li[^>]*>([^<]+)</li>", bar) for bar in bars] == [BAR, BAR]


def test_the_steps_are_told_in_the_readers_language(server):
    client = server.test_client()
    assert BAR[3] in client.get("/").text
    client.set_cookie("lang", "en")
    assert "<b>Computer check</b>" in client.get("/").text


def test_a_panel_has_the_number_of_its_step(server):
    page = server.test_client().get("/sitting").text
    headings = re.findall(r'<h2 id="(ready-\w+)">(\d)\. ', page)
    assert headings == [("ready-who", "2"), ("ready-pact", "3"), ("ready-checks", "4")]
