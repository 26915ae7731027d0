"""A psychometrician's desk: a folder with files, and the command line in this process."""

from __future__ import annotations

import pytest

from tests.assessment_app.commands.psychometrics.desk import Desk


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """An empty desk."""
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, monkeypatch, capsys)
