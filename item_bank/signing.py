"""Who published a form: Ed25519 over the form's name, which is the hash of its words and of its key's seal."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PREFIX = b"proasn/form/1\n"
"""What is signed begins with what it is, so that no signature of something else can stand for a form's."""


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
        return Signature(self.public_key, self._key.sign(PREFIX + bytes.fromhex(form_id)).hex())


def holds(form_id: str, signature: Signature) -> bool:
    """Tell whether a form's name was signed with the key that the signature names."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public_key))
    try:
        key.verify(bytes.fromhex(signature.signature), PREFIX + bytes.fromhex(form_id))
    except InvalidSignature:
        return False
    return True
