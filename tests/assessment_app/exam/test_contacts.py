"""Who was heard of, and when: what a proctor's plan of the room goes by."""

import asyncio

import pytest
from sqlalchemy import exc, select
from structlog.testing import capture_logs

from assessment_app.exam.hot_path import contacts
from assessment_app.exam.hot_path.contacts import AT_ONCE, Contacts, write
from assessment_app.exam.models import SittingContact
from assessment_app.exam.rules import milliseconds
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from tests.assessment_app.exam.browser import first
from tests.loops import on_a_loop


def heard():
    with transaction(reads_only=True) as db:
        return dict(db.execute(select(SittingContact.sitting_id, SittingContact.heard_ms)).all())


def test_a_save_and_a_heartbeat_are_contacts(server, working, item, moved_clock):
    assert heard() == {}
    working.save([(1, item["id"], first(item))])
    (sitting_id,) = heard()
    assert heard() == {sitting_id: milliseconds(clock.now())}
    moved_clock.forward(seconds=30)
    server.contacts = Contacts()
    working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 1, "focus_lost": 0})
    assert heard() == {sitting_id: milliseconds(clock.now())}
    moved_clock.forward(seconds=30)
    server.contacts = Contacts()
    assert working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 2, "focus_lost": 0}).status_code == 409
    assert heard() == {sitting_id: milliseconds(clock.now()) - 30_000}  # who lost the sitting is no sign of its owner


@pytest.mark.usefixtures("installation")
def test_contacts_are_written_together_every_few_seconds(monkeypatch):
    written, gathered, now = [], Contacts(), [1000.0]
    monkeypatch.setattr(contacts, "write", lambda heard: written.append(dict(heard)))
    monkeypatch.setattr(clock, "ticks", lambda: now[0])

    async def some_seconds():
        for after, sitting_id in ((0.0, 1), (1.0, 2), (3.9, 1), (0.2, 3), (1.0, 2)):
            now[0] += after
            gathered.hear(sitting_id, round(now[0] * 1000))
        await asyncio.get_running_loop().shutdown_default_executor()

    on_a_loop(some_seconds())
    assert written == [{1: 1_000_000}, {2: 1_001_000, 1: 1_004_900, 3: 1_005_100}]


@pytest.mark.usefixtures("installation")
def test_the_newest_contact_stands_whoever_is_written_with_it():
    write(dict.fromkeys(range(1, AT_ONCE + 3), 1000))
    write({2: 500, AT_ONCE + 2: 2000, 9999: 3000})  # a clock that was set back is believed
    found = heard()
    assert (len(found), found[1], found[2], found[AT_ONCE + 2], found[9999]) == (AT_ONCE + 3, 1000, 500, 2000, 3000)


def test_a_store_that_takes_no_contact_loses_no_answer(working, item, monkeypatch):
    def away(*_store, **_how):
        raise exc.OperationalError("", None, Exception())

    monkeypatch.setattr(contacts, "transaction", away)
    with capture_logs() as logs:
        assert working.save([(1, item["id"], first(item))]).status_code == 200
    assert [line["event"] for line in logs] == ["contacts_not_written"]
