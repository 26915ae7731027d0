"""Sittings for workers to work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assessment_app.exam.hot_path import ExamApp
from assessment_app.platform import clock
from assessment_app.platform.settings import Settings
from assessment_app.servers import exam
from tests import factories
from tests.assessment_app.exam.browser import Browser, browser_of, forget
from tests.assessment_app.exam.saves import let_go


@contextmanager
def lab(chosen: Settings) -> Iterator[tuple[ExamApp, factories.Stage]]:
    """Open an exam server over a wave that has just begun."""
    forget()
    app = exam.build(chosen)
    yield app, factories.stage(clock.now())
    let_go(app.answer_log._writer)


def walked(chosen: Settings) -> Browser:
    """Let the first participant answer everything and finish every part."""
    with lab(chosen) as (app, stage):
        browser = browser_of(app, stage.nips[0], stage.pin)
        browser.walk()
        return browser
