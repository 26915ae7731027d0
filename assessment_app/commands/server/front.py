"""What stands before and beside our own processes: nginx with its certificate, and Redis."""

from __future__ import annotations

import hashlib
import re
import shutil
import signal
import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from assessment_app.commands.family import Child
from assessment_app.commands.server.place import DEPLOY, Place, is_everywhere, leashed, user_for
from assessment_app.platform import clock
from assessment_app.platform.security import write_once
from assessment_app.platform.settings import SettingsError

BLANK = re.compile(r"\$\{([A-Z_]+)\}")
VALID = timedelta(days=825)
"""How long a certificate of our own is good: no browser takes one for longer."""


def filled(template: str, values: Mapping[str, str]) -> str:
    """Fill in what stands in ``${CAPITALS}``; what nginx itself replaces stays. Raises KeyError for a blank unknown."""
    return BLANK.sub(lambda blank: values[blank.group(1)], template)


def make_certificate(place: Place) -> tuple[Path, Path]:
    """Make a certificate of our own, once, unless somebody put a real one there; gives certificate and key."""
    certificate, private = place.folder / "tls" / "server.crt", place.folder / "tls" / "server.key"
    certificate.parent.mkdir(mode=0o700, exist_ok=True)
    if certificate.exists() and private.exists():
        return certificate, private
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for left in (certificate, private):
        left.unlink(missing_ok=True)  # one without the other opens nothing
    write_once(private, pem)
    write_once(certificate, _signed(place, key).public_bytes(serialization.Encoding.PEM))
    return certificate, private


def _signed(place: Place, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    now, name = clock.now(), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pro ASN")])
    alternatives = x509.SubjectAlternativeName([_named(one) for one in sorted(_names(place))])
    return (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + VALID)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip


def _names(place: Place) -> set[str]:
    listened = set() if is_everywhere(place.host) else {place.host}
    return {"localhost", "127.0.0.1", socket.gethostname(), place.name} | listened


def _named(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def nginx(place: Place, programs: Mapping[str, str]) -> Child:
    """Write nginx's files from ``deploy`` and name it as a child."""
    folder = place.folder / "nginx"
    certificate, key = make_certificate(place)
    _refuse_wrong(certificate, key)
    for name in ("temp", "cache"):
        (folder / name).mkdir(mode=0o711, exist_ok=True)
    shutil.copy(DEPLOY / "nginx" / "nginx.conf", folder)
    template = (DEPLOY / "nginx" / "pro-asn.conf.template").read_text(encoding="utf-8")
    (folder / "pro-asn.conf").write_text(filled(template, _blanks(place, certificate, key)), encoding="utf-8")
    user = user_for("www-data", "nobody")
    words = "daemon off;" + (f" user {user};" if user else "")
    command = (programs["nginx"], "-p", f"{folder}/", "-c", f"{folder}/nginx.conf", "-e", "stderr", "-g", words)
    return Child("nginx", (), program=(*leashed(programs["setpriv"], "TERM"), *command), ends_by=signal.SIGTERM)


def _blanks(place: Place, certificate: Path, key: Path) -> dict[str, str]:
    def listening(names: list[str]) -> str:
        return " ".join(f"server 127.0.0.1:{place.inner_ports[name]} max_fails=0;" for name in names)

    outer = {f"{name.upper()}_LISTEN": f"{place.host}:{port}" for name, port in place.outer_ports.items()}
    return outer | {
        "EXAM_SERVERS": listening([name for name in place.inner_ports if name.startswith("exam-")]),
        "OFFICE_SERVER": listening(["office"]), "VAULT_SERVER": listening(["vault"]),
        "EXAM_NAME": "_", "OFFICE_NAME": "_", "VAULT_NAME": "_",
        "STATIC_CACHE": str(place.folder / "nginx" / "cache"),
        "TLS_CERTIFICATE": str(certificate), "TLS_KEY": str(key),
    }  # fmt: skip


def _refuse_wrong(certificate: Path, key: Path) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"The certificate {certificate} cannot be used with {key.name} beside it ({error.args[-1]}). Put both "
            "there in PEM, or remove both to have one made."
        ) from error


def redis(place: Place, programs: Mapping[str, str]) -> Child:
    """Write who may enter, as a hash, and name Redis as a child: a socket, no port."""
    folder = place.folder / "redis"
    hashed = hashlib.sha256(place.password("redis").encode()).hexdigest()
    users = folder / "users.acl"
    users.touch(mode=0o600)
    users.write_text(f"user default on #{hashed} ~* &* +@all\n")
    shutil.copy(DEPLOY / "redis" / "redis.conf", folder)
    options = {
        "--port": "0", "--unixsocket": str(place.redis_socket), "--unixsocketperm": "700", "--dir": str(folder),
        "--aclfile": str(users),
    }  # fmt: skip
    words = (word for pair in options.items() for word in pair)
    command = (programs["redis-server"], str(folder / "redis.conf"), *words)
    return Child("redis", (), program=(*leashed(programs["setpriv"], "TERM"), *command))


def redis_answers(place: Place) -> bool:
    """Tell whether Redis lets us in."""
    import redis as driver  # here, because only this parent needs it, and every other command would wait for it

    try:
        with driver.Redis(
            unix_socket_path=str(place.redis_socket), password=place.password("redis"), socket_timeout=2
        ) as asked:
            return bool(asked.ping())
    except driver.RedisError:
        return False
