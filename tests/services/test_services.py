"""The servers of the tests keep the promises that other tests build on."""

import subprocess
import sys

import pytest
from celery import Celery
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.services.run import Run, ServiceError, runs, stop


def ask(url, statement):
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        answer = connection.execute(text(statement))
        return answer.scalar() if answer.returns_rows else None


def test_a_database_is_empty_and_its_own(postgres):
    with postgres.database() as one, postgres.database() as other:
        ask(one, "CREATE TABLE seat (number int)")
        assert ask(other, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_a_clone_holds_what_its_template_held(postgres):
    def build(url):
        ask(url, "CREATE TABLE room AS SELECT 7 AS seats")

    name = postgres.template("template_of_test_services", build)
    assert postgres.template(name, pytest.fail) == name
    with postgres.database(name) as url:
        assert ask(url, "SELECT seats FROM room") == 7


def test_a_database_goes_even_with_a_connection_open(postgres):
    url = postgres.create_database()
    with create_engine(url, poolclass=NullPool).connect() as connection:
        connection.execute(text("SELECT 1"))
        postgres.drop_database(url)
        connection.invalidate()


def test_the_server_listens_on_no_port(postgres):
    assert ask(postgres.url("postgres"), "SHOW listen_addresses") == ""


def test_celery_reaches_the_broker_by_the_url(redis_url, redis_server):
    app = Celery(broker=redis_url)
    app.send_task("nothing", queue="empty-before")
    app.close()
    with redis_server.client() as client:
        assert client.llen("empty-before") == 1


def test_the_page_check_names_what_is_wrong(page, accessible):
    page.set_content("<html lang=id><title>t</title><main><h1>Ujian</h1><p>Baik.</p></main>")
    accessible(page)
    page.set_content("<html lang=id><title>t</title><main><img src=''></main>")
    with pytest.raises(AssertionError, match="image-alt"):
        accessible(page)


def test_a_service_is_started_by_one_and_stopped_by_the_run(tmp_path):
    run = Run(tmp_path)
    with run.once("sleeper") as first:
        assert first
        run.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], lambda: True)
    with run.once("sleeper") as first:
        assert not first
    pid = int((tmp_path / "sleeper.pid").read_text())
    assert runs(pid)
    run.end()
    assert not runs(pid)
    assert not tmp_path.exists()


def test_a_service_that_dies_says_its_last_words(tmp_path):
    with pytest.raises(ServiceError, match="no such room"):
        Run(tmp_path).start("dying", [sys.executable, "-c", "raise SystemExit('no such room')"], lambda: False)


def test_what_does_not_run_needs_no_stop():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    stop(child.pid)
    assert not runs(child.pid)
