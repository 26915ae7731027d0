"""What lists read: acts, pointers and facts, in as many statements for many posts as for few, and no document."""

import re
from contextlib import contextmanager

from sqlalchemy import event

from assessment_app.platform.db import EXAM, engine_of, transaction
from assessment_app.succession.messages.forms import sittings_of
from assessment_app.succession.queries import acts, page, subjects
from assessment_app.succession.queries import posts as queries
from tests.assessment_app.succession.group import LATER

LESTARI, AHMAD = "Lestari Handayani", "Ahmad Fauzi"
DOCUMENTS = re.compile(r"\b(placement|profile|signed_result|succession_act)\.document")


@contextmanager
def statements():
    """Collect what is asked of the exam store within a block."""
    asked = []

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    engine = engine_of(EXAM)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def lines_of(group):
    with statements() as asked, transaction(reads_only=True) as db:
        lines = queries.lines(db, group.agency_id, LATER)
    return lines, asked


def test_the_list_of_posts_reads_no_document_and_asks_no_more_for_more_posts(group):
    group.propose(LESTARI, AHMAD)
    group.decide(LESTARI, "taken")
    few, asked = lines_of(group)
    assert [(one.waiting, one.taken, one.ready) for one in few] == [(1, 1, 1)]
    assert not [one for one in asked if DOCUMENTS.search(one)]
    for n in range(20):
        group.propose(AHMAD, post_id=group.add_post(f"Kepala Bidang {n}"))
    many, asked_then = lines_of(group)
    assert (len(many), len(asked_then)) == (21, len(asked))


def test_a_post_asks_no_more_for_more_candidates_and_its_story_reads_no_document(group):
    def asked_of():
        with statements() as asked, transaction(reads_only=True) as db:
            page.view(db, group.agency_id, group.post_id, LATER)
        return len(asked)

    group.propose(LESTARI)
    one = asked_of()
    group.propose(AHMAD)
    assert asked_of() == one
    with statements() as asked, transaction(reads_only=True) as db:
        story = acts.story(db, queries.post(db, group.agency_id, group.post_id), 50)
    assert len(story) == 2
    assert not [one for one in asked if DOCUMENTS.search(one)]


def test_a_number_that_no_sitting_can_have_finds_nobody_on_either_store(group):
    asked = sittings_of([str(2**31 - 1), str(2**31), "9" * 18])
    with transaction(reads_only=True) as db:
        assert subjects.employees_of(db, group.house.agency_id, asked) == []
