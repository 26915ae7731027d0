"""Settings: one frozen dataclass, read once from the environment, refused when anything is off.

Every field is a setting named ``PRO_ASN_<FIELD>``; ``docs/operations.md`` explains each, and a test compares the two.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "PRO_ASN_"

STORES = {"schemes": ("sqlite:///", "postgresql://", "postgresql+psycopg://")}
BROKERS = {"schemes": ("redis://", "rediss://", "redis+socket://")}
IN_A_FILE = "file:"
"""Begins a setting whose address stands in a file."""

PROCESSES = ("exam", "office", "vault", "worker")
"""In the order of their metrics ports."""

_WHOLE = re.compile(r"-?[0-9]{1,9}")


class SettingsError(Exception):
    """A setting is wrong; the message is one line that says which and what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation decides. Defaults are those of one machine."""

    data_dir: Path = Path("var")
    """Where the files of one machine live: stores, secrets, logs of the demo."""
    exam_url: str = field(default="", metadata=STORES)
    """Exam store; empty means SQLite in ``data_dir``."""
    answers_url: str = field(default="", metadata=STORES)
    """Answer log; empty means its own SQLite file, or the exam store on PostgreSQL."""
    vault_url: str = field(default="", metadata=STORES)
    """Vault; only vault server, worker and command line are given it."""
    redis_url: str = field(default="", metadata=BROKERS)
    """Broker at scale; empty means the embedded worker alone."""
    secrets_dir: Path = Path()
    """Where secret files are; empty means ``data_dir/secrets``."""
    seal_key: Path = Path()
    """File of the private key that signs the seals of sessions; only the worker and the command line are given it."""
    host: str = "127.0.0.1"
    """Address that the servers listen on."""
    exam_port: int = field(default=8080, metadata={"least": 1, "most": 65535})
    exam_public_url: str = field(default="", metadata={"schemes": ("http://", "https://")})
    """How browsers address the exam server, where a proxy stands in front; empty means host and port."""
    office_port: int = field(default=8081, metadata={"least": 1, "most": 65535})
    vault_port: int = field(default=8082, metadata={"least": 1, "most": 65535})
    metrics_port: int = field(default=9080, metadata={"least": 0, "most": 65532})
    """First of four ports for Prometheus (exam, office, vault, worker); 0 turns metrics off."""
    secure_cookies: bool = False
    """True wherever TLS stands in front, which is everywhere but one machine on loopback."""
    second_factor: str = field(default="required", metadata={"choices": ("required", "optional")})
    """Whether staff must enrol a second factor before they see a page."""
    staff_idle_minutes: int = field(default=60, metadata={"least": 5, "most": 480})
    staff_session_hours: int = field(default=12, metadata={"least": 1, "most": 24})
    exam_threads: int = field(default=3, metadata={"least": 1, "most": 512})
    """Threads of the exam server for what Flask answers. More of them share the same core: each page takes longer, and
    so does a save, which has to wait for that core too."""
    queue_patience_ms: int = field(default=5000, metadata={"least": 100, "most": 60000})
    """How long a save may wait for the writer before the browser is asked to come back."""
    worker_lease_seconds: int = field(default=60, metadata={"least": 1, "most": 3600})
    """After this long without an end a claimed job belongs to whoever takes it."""
    trusted_proxies: int = field(default=0, metadata={"least": 0, "most": 4})
    """How many proxies in front may set X-Forwarded-For; 0 trusts none."""
    log_level: str = field(default="info", metadata={"choices": ("debug", "info", "warning", "error")})
    language: str = field(default="id", metadata={"choices": ("id", "en")})

    @property
    def stores(self) -> dict[str, str]:
        """SQLAlchemy URL of each store by name; the vault is missing where it was not given."""
        exam = self.exam_url or f"sqlite:///{self.data_dir / 'exam.db'}"
        apart = f"sqlite:///{self.data_dir / 'answers.db'}" if exam.startswith("sqlite") else exam
        urls = {"exam": exam, "answers": self.answers_url or apart}
        return urls | ({"vault": self.vault_url} if self.vault_url else {})

    @property
    def exam_address(self) -> str:
        """How browsers address the exam server: scheme, host and port, no slash at the end."""
        return self.exam_public_url.rstrip("/") or f"http://{self.host}:{self.exam_port}"

    @property
    def ports(self) -> dict[str, int]:
        """Every port that this installation listens on, by the setting that names it."""
        own = {"EXAM_PORT": self.exam_port, "OFFICE_PORT": self.office_port, "VAULT_PORT": self.vault_port}
        metrics = {f"METRICS_PORT + {n}": self.metrics_port_of(name) for n, name in enumerate(PROCESSES)}
        return own | {name: port for name, port in metrics.items() if port}

    def metrics_port_of(self, process: str) -> int:
        """Give the port on which a process shows its numbers; 0 where metrics are off."""
        return self.metrics_port and self.metrics_port + PROCESSES.index(process)

    @property
    def secrets(self) -> Path:
        """Folder of the secret files."""
        return self.secrets_dir if self.secrets_dir != Path() else self.data_dir / "secrets"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; refuses with SettingsError on an unknown name or a value out of bounds."""
    given = {k: v for k, v in (os.environ if environment is None else environment).items() if k.startswith(PREFIX)}
    known = {PREFIX + f.name.upper(): f for f in fields(Settings)}
    for name in given:
        if name not in known:
            raise SettingsError(
                f"{name} is not a setting of Pro ASN. Remove it, or see docs/operations.md for the names."
            )
    found = Settings(**{known[name].name: _parse(name, text, known[name]) for name, text in given.items()})  # type: ignore[arg-type]  # each value was parsed by its field's type
    _refuse_shared(found)
    if urlsplit(found.exam_address).path or not urlsplit(found.exam_address).netloc:
        raise SettingsError(f"{PREFIX}EXAM_PUBLIC_URL is scheme and host alone, such as https://ujian.example.go.id")
    return found


def _refuse_shared(found: Settings) -> None:
    taken: dict[int, str] = {}
    for name, port in found.ports.items():
        if port in taken:  # two servers of ours could listen there together, and each would get half of the requests
            raise SettingsError(f"{PREFIX}{taken[port]} and {PREFIX}{name} are both {port}. Give each its own port.")
        taken[port] = name
    if found.vault_url and found.vault_url in (found.exam_url, found.answers_url):
        raise SettingsError(f"{PREFIX}VAULT_URL names the exam store. Keys need a store of their own.")


def _parse(name: str, text: str, known: object) -> object:
    kind, limits = known.type, known.metadata  # type: ignore[attr-defined]  # dataclasses.Field has no useful generic
    if kind == "int":
        least, most = limits["least"], limits["most"]
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise SettingsError(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
        return int(text)
    if kind == "bool":
        if text.lower() not in ("true", "false"):
            raise SettingsError(f"{name} must be true or false, not {text!r}.")
        return text.lower() == "true"
    if "choices" in limits and text not in limits["choices"]:
        raise SettingsError(f"{name} must be one of {', '.join(limits['choices'])}, not {text!r}.")
    text = _from_file(name, text) if "schemes" in limits else text
    if text and not text.startswith(limits.get("schemes", "")):  # the value may hold a password: it is not repeated
        raise SettingsError(f"{name} must begin with one of {', '.join(limits['schemes'])}")
    return Path(text) if kind == "Path" else text


def _from_file(name: str, text: str) -> str:
    """Read an address that stands in a file, so that its password is in no environment: ``file:/run/secrets/exam``."""
    if not text.startswith(IN_A_FILE):
        return text
    path = Path(text.removeprefix(IN_A_FILE))
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"{name} names the file {path}, which cannot be read ({reason}).") from error


_in_use: list[Settings] = []


def use(chosen: Settings) -> None:
    """Make these the process's settings; called once by whoever starts the process."""
    _in_use[:] = [chosen]


def settings() -> Settings:
    """Give the process's settings."""
    return _in_use[0]


def in_use() -> bool:
    """Tell whether this process has its settings already."""
    return bool(_in_use)
