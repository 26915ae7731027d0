"""What every test may ask for. A service starts when the first test asks, see ``tests/services``.

Drivers are imported by the fixture that needs them: together they would cost every unit test run a second.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests.services.run import Run, place

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assessment_app.platform.settings import Settings
    from tests.services.postgres import Postgres
    from tests.services.redis import RedisServer
    from tests.stores import Furniture

RUN = pytest.StashKey[Run]()

LONG = (
    "tests/faults", "tests/journeys", "tests/workers", "tests/assessment_app/commands", "tests/assessment_app/rehearsal"
)  # fmt: skip
"""Where tests start processes and wait for them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let journeys leave pictures of what they pass, for the README."""
    parser.addoption("--pictures", type=Path, help="folder for pictures of the main screens")


def pytest_configure(config: pytest.Config) -> None:
    """Begin a run, or join the one whose folder the xdist controller sent."""
    # As the platform does (see assessment_app/__init__.py), also where a test imports the engine alone.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A busy machine makes no law wrong: how long an example takes is for the benchmarks.
    hypothesis.settings.register_profile("house", deadline=None)
    hypothesis.settings.load_profile("house")
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place()))  # where pytest makes the folders of tests
    worker = getattr(config, "workerinput", None)
    config.stash[RUN] = Run(Path(worker["run_folder"])) if worker else Run.begin()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker which run it belongs to."""
    node.workerinput["run_folder"] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started; workers only leave."""
    if not hasattr(config, "workerinput") and RUN in config.stash:
        config.stash[RUN].end()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect tests without looking for garbage, and never look through what was imported again.

    A test process holds half a million objects of modules, which stay to its end: going through them took every tenth
    second of its time. What a test leaves behind is looked for as ever.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker of a parallel run begin with its share of the long tests, and end with short ones.

    Each takes an equal run of the list and steals from the ends of the others': a long test that comes last would be
    waited for by all. Modules stay whole, for what their tests share.
    """
    if (workers := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))) < 2:
        return
    is_long: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        is_long[item.path.relative_to(config.rootpath).as_posix().startswith(LONG)].append(item)
    heads: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for n, (_module, those) in enumerate(groupby(is_long[True], lambda item: item.path)):
        heads[n % workers] += those
    rest, ordered = iter(is_long[False]), list[pytest.Item]()
    for n, head in enumerate(heads):
        share = (len(items) - len(ordered)) // (workers - n)
        ordered += [*head, *islice(rest, max(0, share - len(head)))]
    items[:] = [*ordered, *rest]


@pytest.fixture(scope="session")
def service_run(pytestconfig: pytest.Config) -> Run:
    """The run that this process belongs to."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def postgres(service_run: Run) -> Postgres:
    """The PostgreSQL cluster of the run."""
    from tests.services.postgres import Postgres

    cluster = Postgres(service_run)
    cluster.ensure()
    return cluster


@pytest.fixture(scope="session")
def redis_server(service_run: Run, request: pytest.FixtureRequest) -> RedisServer:
    """The Redis server of the run, with a database of this process's own."""
    from tests.services.redis import RedisServer

    worker = getattr(request.config, "workerinput", {"workerid": "gw0"})["workerid"]
    server = RedisServer(service_run, database=1 + int(worker.removeprefix("gw")))
    server.ensure()
    return server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """An empty Redis database, in the form of PRO_ASN_REDIS_URL."""
    with redis_server.client() as client:
        client.flushdb()
    return redis_server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once per process."""
    from tests.services.browser import launched

    with launched() as chromium:
        yield chromium


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Take a picture of a page under a name, where a run is asked for pictures."""
    folder: Path | None = request.config.getoption("--pictures")

    def take(page: Page, name: str) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return take


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page in a context of its own, in Indonesian, at the size of a lab's screen."""
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """A check: ``accessible(page)`` fails with the violated rules of WCAG 2.2 AA."""
    from tests.services.browser import axe_violations

    def check(page: Page) -> None:
        violations = axe_violations(page)
        assert not violations, "\n".join(violations)

    return check


@pytest.fixture(scope="session")
def compiled_once(service_run: Run) -> Iterator[None]:
    """Keep templates and statements that are compiled beyond the test that needed them first."""
    from tests import compiled

    with compiled.once(service_run.folder / "templates"):
        yield


@pytest.fixture
def furniture() -> Furniture | None:
    """What an installation holds when its test begins: nothing, unless a folder of tests says otherwise."""
    return None


@pytest.fixture
def on_sqlite(service_run: Run, compiled_once: None, furniture: Furniture | None, tmp_path: Path) -> Iterator[Settings]:
    """A migrated installation on SQLite files, opened in this process."""
    from tests import stores

    with stores.installed(service_run, tmp_path, furniture) as chosen:
        yield chosen


@pytest.fixture(params=["sqlite", "postgres"])
def installation(
    request: pytest.FixtureRequest, service_run: Run, compiled_once: None, furniture: Furniture | None, tmp_path: Path
) -> Iterator[Settings]:
    """A migrated installation, once on SQLite and once on PostgreSQL, opened in this process."""
    from tests import stores

    if request.param == "sqlite":
        yield request.getfixturevalue("on_sqlite")
        return
    cluster = request.getfixturevalue("postgres")
    with stores.installed(service_run, tmp_path, furniture, cluster) as chosen:
        yield chosen
