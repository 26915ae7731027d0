"""Limits on how often something may be tried. Keyed by names and devices: a whole lab is one address.

Counted in Redis where there is one, so that all servers count together; while it is away each counts for itself.
"""

from __future__ import annotations

from functools import cache

import structlog
from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from assessment_app.platform.settings import settings

log = structlog.get_logger(__name__)

OWN_MEMORY = "memory://"


@cache
def _limiter(url: str) -> MovingWindowRateLimiter:
    if url == OWN_MEMORY:
        return MovingWindowRateLimiter(storage_from_string(url))
    url = url.replace("redis+socket://", "redis+unix://").replace("virtual_host=", "db=")  # Celery's words for a socket
    patient = storage_from_string(url, wrap_exceptions=True, socket_timeout=1, socket_connect_timeout=1)
    return MovingWindowRateLimiter(patient)


def allows(limit: str, key: str) -> bool:
    """Count one try under a key, and tell whether it is within the limit ('10/minute')."""
    try:
        return _limiter(settings().redis_url or OWN_MEMORY).hit(parse(limit), key)
    except StorageError as error:
        log.warning("rate_counted_here", reason=str(error))
        return _limiter(OWN_MEMORY).hit(parse(limit), key)
