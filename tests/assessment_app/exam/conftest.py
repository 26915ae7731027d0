"""An exam server over a wave that can be sat, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from assessment_app.exam.hot_path import ExamApp
from assessment_app.platform import clock, db
from assessment_app.platform.db import ANSWERS, EXAM
from assessment_app.platform.settings import Settings
from assessment_app.servers import exam
from tests import factories
from tests.assessment_app.exam.browser import Browser, MovedClock, browser_of, forget
from tests.assessment_app.exam.saves import let_go
from tests.stores import Furniture


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """A clock that stands still until it is moved."""
    moved = MovedClock()
    monkeypatch.setattr(clock, "now", moved.now)
    return moved


@pytest.fixture
def server(installation: Settings, moved_clock: MovedClock) -> Iterator[ExamApp]:
    """An exam server that remembers nothing of another test's."""
    forget()
    made = exam.build(installation)
    yield made
    let_go(made.answer_log._writer)


@pytest.fixture
def furniture(request: pytest.FixtureRequest) -> Furniture | None:
    """A stage, where a test asks for one."""
    return Furniture("stage", factories.stage) if "stage" in request.fixturenames else None


@pytest.fixture
def stage(installation: Settings, moved_clock: MovedClock, furniture: Furniture) -> factories.Stage:
    """A wave whose session has just begun."""
    made: factories.Stage = furniture.made
    return made


@pytest.fixture
def browser(server: ExamApp, stage: factories.Stage) -> Browser:
    """The first participant's computer, nobody signed in yet."""
    return browser_of(server, stage.nips[0], stage.pin)


@pytest.fixture
def working(browser: Browser) -> Browser:
    """The first participant, at work on part 1."""
    browser.sign_in()
    browser.agree()
    assert browser.start().status_code == 200
    return browser


@pytest.fixture
def items(working: Browser) -> list[dict[str, Any]]:
    """The questions of part 1."""
    return working.items(working.start())


@pytest.fixture
def item(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The first question of part 1."""
    return items[0]


@pytest.fixture
def statements(installation: Settings) -> Iterator[list[str]]:
    """Every statement that this process sends to a store from now on."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(" ".join(statement.split()))

    engines = {db.engine_of(EXAM), db.engine_of(ANSWERS)}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield told
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
