"""A small server behind the gateway, with little patience: it says what reached it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, request
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from assessment_app.platform import gateway
from assessment_app.platform.gateway import Answered, Asked, Gateway, Handler

MOST_BYTES, MOST_INSIDE, PATIENCE_S = 1000, 3, 3.0

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
let_go = threading.Event()


@app.route("/said/<path:rest>", methods=["GET", "POST"])
def said(rest: str) -> dict[str, Any]:
    """Tell what reached Flask."""
    told = {"method": request.method, "path": request.path, "query": request.args.to_dict(), "cookies": request.cookies,
            "x": request.headers.get("X-Word"), "host": request.host, "from": request.remote_addr,
            "spoofed": request.headers.get("X-Forwarded-For"), "type": request.content_type}  # fmt: skip
    return told | {"body": request.get_data(as_text=True)}


@app.get("/held")
def held() -> str:
    """Keep a thread until it is let go."""
    let_go.wait()
    return "let go"


def answers(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer as Flask does, or by WSGI's oldest way, which is to write before what is returned."""
    if environ["PATH_INFO"] != "/written":
        return app(environ, start_response)
    start_response("200 OK", [])(b"first, ")
    return [b"second"]


class Hot:
    """Answers one call without Flask, and knows how many are inside it."""

    gateway: Gateway

    def handler(self, method: str, path: str) -> Handler | None:
        """Give what answers a call to /hot."""
        return self._hot if path == "/hot" else None

    async def _hot(self, asked: Asked) -> Answered:
        word = asked.headers.get("x-word", "")
        if word == "go":
            let_go.set()
        if word == "fault":
            raise ZeroDivisionError
        if word == "inside":
            return Answered(str(self.gateway._inside).encode())
        return Answered(asked.body or word.encode())


def create() -> Gateway:
    """Make the application in the server's process."""
    gateway.PATIENCE_S, gateway.MOST_FOR_A_THREAD = PATIENCE_S, MOST_INSIDE
    hot = Hot()
    hot.gateway = Gateway(answers, threads=2, most_bytes=MOST_BYTES, hot=hot)
    return hot.gateway


if __name__ == "__main__":
    Granian(f"{__spec__.name}:create", port=int(sys.argv[1]), interface=Interfaces.RSGI, factory=True,
            http=HTTPModes.http1, websockets=False).serve()  # fmt: skip
