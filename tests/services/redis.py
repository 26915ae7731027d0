"""A Redis server of the run's own: no port, no disk; every xdist worker has a numbered database in it."""

import shutil
from pathlib import Path

import redis

from tests.services.run import Run, ServiceError

DATABASES = 64


class RedisServer:
    """The server as a test sees it."""

    def __init__(self, run: Run, database: int) -> None:
        self.run = run
        self.database = database
        self.socket = run.folder / "redis.sock"

    @property
    def url(self) -> str:
        """The database of this process, as Celery writes it: the form of PRO_ASN_REDIS_URL."""
        return f"redis+socket://{self.socket}?virtual_host={self.database}"

    def client(self) -> redis.Redis:
        """Connect to the database of this process."""
        return redis.Redis(unix_socket_path=str(self.socket), db=self.database)

    def ensure(self) -> None:
        """Start the server unless another process of this run did."""
        with self.run.once("redis") as first:
            if first:
                self.run.start("redis", self._command(), self.ready)

    def ready(self) -> bool:
        """Whether the server answers."""
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def _command(self) -> list[str]:
        program = shutil.which("redis-server") or "/usr/bin/redis-server"
        if not Path(program).exists():
            raise ServiceError("Redis is not installed; run: scripts/services")
        options = {"--port": "0", "--unixsocket": str(self.socket), "--unixsocketperm": "700", "--save": ""}
        options |= {"--appendonly": "no", "--dir": str(self.run.folder), "--databases": str(DATABASES)}
        return [program, *(word for pair in options.items() for word in pair)]
