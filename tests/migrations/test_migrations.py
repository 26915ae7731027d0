"""Migrations make what the models say, on both databases, and can be gone back over."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from assessment_app.platform import migrating
from assessment_app.platform.db import ANSWERS, EXAM, metadata_of
from migrations import schema


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
        return
    with request.getfixturevalue("postgres").database() as lent:
        yield lent


@pytest.mark.parametrize("store", migrating.STORES)
def test_an_empty_database_becomes_what_the_models_say(store, url):
    migrating.upgrade(store, url)
    migrating.check(store, url)


@pytest.mark.parametrize("store", migrating.STORES)
def test_every_step_can_be_taken_back_and_again(store, url):
    migrating.upgrade(store, url)
    migrating.downgrade(store, url)
    engine = create_engine(url)
    assert set(inspect(engine).get_table_names()) <= {f"alembic_version_{store}"}
    engine.dispose()
    migrating.upgrade(store, url)
    migrating.check(store, url)


def test_a_step_that_fails_leaves_nothing_of_the_steps_before_it(url):
    """The store goes from one version to the next as a whole; so nobody else can come between two steps either."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE key_correction (x integer)"))  # the last step makes it
    with pytest.raises(DBAPIError, match="already exists"):
        migrating.upgrade("vault", url)
    assert inspect(engine).get_table_names() == ["key_correction"]


def test_whoever_migrates_meanwhile_waits_and_finds_it_done(url):
    code = "import sys; from assessment_app.platform import migrating; migrating.upgrade('vault', sys.argv[1])"
    at_once = [subprocess.Popen([sys.executable, "-c", code, url], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [one.communicate(timeout=60)[1] for one in at_once]
    assert [one.returncode for one in at_once] == [0, 0, 0], said


def test_exam_and_answers_share_a_database_without_touching_each_other(postgres):
    with postgres.database() as url:
        for store in (EXAM, ANSWERS):
            migrating.upgrade(store, url)
        for store in (EXAM, ANSWERS):
            migrating.check(store, url)


@pytest.mark.parametrize("store", migrating.STORES)
def test_schema_sql_equals_the_models(store):
    kept = (Path(schema.__file__).parent / store / "schema.sql").read_text()
    assert kept == schema.written(store), "run: make schema"


def test_a_table_that_only_grows_refuses_update_and_delete(url):
    migrating.upgrade("answers", url)
    table = metadata_of("answers").tables["answer_event"]
    engine = create_engine(url)
    row = {column.name: "x" if column.name in ("item", "response") else 1 for column in table.columns}
    with engine.begin() as connection:
        connection.execute(insert(table).values(**row))
    for statement in (table.update().values(item="y"), table.delete()):
        with pytest.raises(DBAPIError, match="added, never changed"), engine.begin() as connection:
            connection.execute(statement)
    engine.dispose()


def test_every_table_that_keeps_what_was_decided_only_grows():
    grows = {
        t.name for store in migrating.STORES for t in metadata_of(store).tables.values() if t.info.get("append_only")
    }
    assert grows >= {
        "answer_event", "answer_key", "audit_entry", "evidence_fact", "form", "placement", "profile",
        "published_form", "review_step", "rule_act", "rule_set", "score", "seal_key", "sealed_sheet", "session_seal",
        "sheet", "signed_result", "sitting_event", "time_entry",
    }  # fmt: skip
