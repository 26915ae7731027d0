"""What tests compile, compiled once: every test makes an app and engines of its own, and each would compile anew.

A server compiles a template and a statement at its first use and keeps it to its end; so does a process of tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.util import LRUCache

from assessment_app.platform import db

STATEMENTS = 2000
"""As many compiled statements as a process keeps; an engine of its own keeps 500."""


@contextmanager
def once(folder: Path) -> Iterator[None]:
    """Compile templates once per run, into a folder, and statements once per process, for the length of a block.

    A template is named by its file and the hash of its source, a statement by all that it is made of.
    """
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Flask, "jinja_options", {"bytecode_cache": FileSystemBytecodeCache(str(folder))})
        patched.setattr(db, "engine_for", sharing(db.engine_for))
        yield


def sharing(make: Callable[[str], Engine]) -> Callable[[str], Engine]:
    """Make engines that find each other's compiled statements, those of one kind of database by one dialect.

    The dialect is that of the first engine that reached its database: it knows then what the server can do.
    """
    statements: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    dialects: dict[str, Dialect] = {}

    def made(url: str) -> Engine:
        engine = make(url)
        engine.update_execution_options(compiled_cache=statements)
        name, own = engine.dialect.name, engine.dialect
        engine.dialect = dialects.get(name, own)
        if name not in dialects:
            event.listen(engine, "connect", lambda _connection, _record: dialects.setdefault(name, own))
        return engine

    return made
