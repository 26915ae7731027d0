"""What every test of the platform shares, whichever stores it opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from assessment_app.accounts import queries

MEASURED = queries._HASHER


@pytest.fixture(scope="session", autouse=True)
def compiled_for_all(compiled_once: None) -> None:
    """Compile templates and statements once, also for tests that open stores of their own."""


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_fast() -> Iterator[None]:
    """Let passwords be hashed by the same algorithm, but not slowly on purpose: each hash is 50 ms of a processor."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(queries, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def passwords_hashed_as_measured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let passwords be hashed as the platform does it."""
    monkeypatch.setattr(queries, "_HASHER", MEASURED)
    queries.decoy.cache_clear()
    yield
    queries.decoy.cache_clear()
