"""A participant's desk: a real exam server in this process, all that it sends written down, and a page before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from playwright.sync_api import Page
from werkzeug.serving import make_server

from assessment_app.platform.settings import Settings
from assessment_app.servers import exam
from tests.assessment_app.exam.browser import forget
from tests.assessment_app.exam.saves import let_go
from tests.journeys.platform import Platform


@dataclass(frozen=True)
class Sent:
    """One answer of the server: what was asked for, and the bytes of its body as they went over the line."""

    method: str
    path: str
    size: int

    @property
    def is_loaded(self) -> bool:
        """Tell what makes up the player from what is said by the protocol, and from asking if a server is there."""
        return self.method == "GET" and not self.path.startswith("/api/")


@dataclass
class Desk:
    """Where the server listens, what it sent, and who sits before it."""

    page: Page
    platform: Platform
    sent: list[Sent] = field(default_factory=list)

    @property
    def loaded(self) -> list[str]:
        """Name what was loaded, in order."""
        return [one.path for one in self.sent if one.is_loaded]

    def listening(self, app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """Wrap an application so that all it sends is written down."""

        def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            body = b"".join(app(environ, start_response))
            self.sent.append(Sent(environ["REQUEST_METHOD"], environ["PATH_INFO"], len(body)))
            return [body]

        return application


@contextmanager
def desk_on(chosen: Settings, page: Page) -> Iterator[Desk]:
    """Serve an installation for the length of a block; the page is closed before the server is."""
    forget()
    app = exam.build(chosen)
    desk = Desk(page, Platform(chosen.data_dir, {}))
    server = make_server("127.0.0.1", 0, desk.listening(app), threaded=True)
    desk.platform.ports = {"exam": server.port}
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        page.set_default_timeout(8000)
        yield desk
    finally:
        page.close()
        server.shutdown()
        thread.join()
        server.server_close()
        let_go(app.answer_log._writer)
