"""Who published a form: Ed25519 over the form's name, which is the hash of its words and of its key's seal."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PREFIX = b"proasn/form/1\n"
"""What is signed begins with what it is, so that no signature of something else can stand for a form's."""

CORRECTION_PREFIX = b"proasn/key-correction/1\n"


@dataclass(frozen=True)
class Signature:
    """A signature and the key that it can be checked with, both in hexadecimal."""

    public_key: str
    signature: str


class Signer:
    """Signs in the name of one vault; takes 32 secret bytes."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)

    @property
    def public_key(self) -> str:
        """Give the key that signatures of this vault are checked with."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, form_id: str) -> Signature:
        """Sign the name of a form."""
        return self._signed(PREFIX + bytes.fromhex(form_id))

    def sign_correction(self, form_id: str, replaces: str, key_seal: str) -> Signature:
        """Sign that a form has another key, by the names of the form, of the key before, and of the new one."""
        return self._signed(_correction(form_id, replaces, key_seal))

    def _signed(self, said: bytes) -> Signature:
        return Signature(self.public_key, self._key.sign(said).hex())


def _correction(form_id: str, replaces: str, key_seal: str) -> bytes:
    return CORRECTION_PREFIX + b"".join(bytes.fromhex(name) for name in (form_id, replaces, key_seal))


def holds(form_id: str, signature: Signature) -> bool:
    """Tell whether a form's name was signed with the key that the signature names."""
    return _holds(PREFIX + bytes.fromhex(form_id), signature)


def holds_correction(form_id: str, replaces: str, key_seal: str, signature: Signature) -> bool:
    """Tell whether a correction of a form's key was signed with the key that the signature names."""
    return _holds(_correction(form_id, replaces, key_seal), signature)


def _holds(said: bytes, signature: Signature) -> bool:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public_key))
    try:
        key.verify(bytes.fromhex(signature.signature), said)
    except InvalidSignature:
        return False
    return True
