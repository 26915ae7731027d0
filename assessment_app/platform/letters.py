"""Letters to this installation: anybody seals one with a public key, only who holds the master secret opens it.

Ephemeral ECDH on P-256, HKDF-SHA256, AES-256-GCM: what every browser's WebCrypto can do. The private key is in no file
and no store; it is derived from the master secret when a letter is opened.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from assessment_app.platform.security import secret

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group that P-256 is (FIPS 186-5); a private key is a number below it."""


class CannotOpen(Exception):
    """The letter was damaged or changed, or it was never one to us."""


@dataclass(frozen=True)
class Letter:
    """What travels: the sender's public point, the nonce, the sealed bytes, and what they are bound to in the clear."""

    sender: bytes
    nonce: bytes
    sealed: bytes
    bound: bytes


def _private(purpose: str) -> ec.EllipticCurvePrivateKey:
    # Twice the width of the order, so that the remainder favours no key.
    wide = int.from_bytes(secret(f"{purpose}:1") + secret(f"{purpose}:2"), "big")
    return ec.derive_private_key(wide % (ORDER - 1) + 1, CURVE)


def public_key(purpose: str) -> bytes:
    """Give the public key of one purpose: 65 bytes, an uncompressed point."""
    return _private(purpose).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_text(purpose: str) -> str:
    """Write the public key of one purpose as a page takes it."""
    return b64encode(public_key(purpose)).decode()


def key_name(public: bytes) -> str:
    """Name a public key in 16 characters, so that a letter tells for whom it is."""
    return hashlib.sha256(public).hexdigest()[:16]


def key_for(shared: bytes, sender: bytes, recipient: bytes, scheme: str) -> bytes:
    """Derive the key of one letter from what both sides know, bound to both of them and to the scheme."""
    return HKDF(algorithm=SHA256(), length=32, salt=sender + recipient, info=scheme.encode()).derive(shared)


def open_letter(letter: Letter, purpose: str, scheme: str) -> bytes:
    """Read a letter; refuses with CannotOpen whatever is not exactly what somebody sealed for us."""
    private = _private(purpose)
    try:
        sender = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, letter.sender)
        key = key_for(private.exchange(ec.ECDH(), sender), letter.sender, public_key(purpose), scheme)
        return AESGCM(key).decrypt(letter.nonce, letter.sealed, letter.bound)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
