"""The clock is aware, in UTC, and runs forward."""

from datetime import UTC

from assessment_app.platform import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC


def test_ticks_only_go_forward():
    assert clock.ticks() <= clock.ticks()
