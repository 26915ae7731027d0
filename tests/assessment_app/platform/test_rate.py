"""So many tries in so long a time, counted by key, with Redis or without."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from assessment_app.platform import rate, settings
from assessment_app.platform.settings import Settings


@pytest.fixture(params=["own memory", "redis", "redis that is away"])
def counted(request):
    url = ""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
    if request.param == "redis that is away":
        url = "redis://127.0.0.1:1/0"
    settings.use(replace(Settings(), redis_url=url))
    return uuid4().hex


def test_what_is_within_the_limit_is_allowed_and_the_next_is_not(counted):
    assert [rate.allows("3/hour", counted) for _ in range(4)] == [True, True, True, False]


def test_each_key_is_counted_for_itself(counted):
    rate.allows("1/hour", counted)
    assert rate.allows("1/hour", f"{counted}, another")
