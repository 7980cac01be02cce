"""The key that signs bulletins: ed25519, in the home of the installation, never in its repository.

`jibao key` makes it. Without one, pages are published unsigned and say so.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from flows.model.home import find_home

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE = Path("key") / "bulletin_ed25519.pem"
# what is signed says what it is, so that a signature of ours serves for nothing else
_PURPOSE = b"jibao bulletin 1\n"


def key_path() -> Path | None:
    """Where the key of this installation belongs; None where there is no installation."""
    try:
        return find_home() / FILE
    except FileNotFoundError:
        return None


def make_key(path: Path) -> str:
    """Make a key that only its owner can read. Returns its public part.

    Raises FileExistsError where there is one: who has checked bulletins against it would see a
    stranger.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    return public_part(key)


def open_key(path: Path | None) -> Ed25519PrivateKey | None:
    """The key of a file; None where there is none. Raises ValueError for what is no such key."""
    if path is None or not path.exists():
        return None
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} 不是 ed25519 密钥 · is no ed25519 key; `jibao key` makes one")
    return key


def public_part(key: Ed25519PrivateKey) -> str:
    """What anybody may know of a key, in hex."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, digest: str) -> str:
    """The signature of a digest, in hex; the same each time."""
    return key.sign(_PURPOSE + digest.encode()).hex()


def is_signed(public: str, signature: str, digest: str) -> bool:
    """Whether the owner of a public part signed a digest; False for what is no signature at all."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        owner = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        owner.verify(bytes.fromhex(signature), _PURPOSE + digest.encode())
    except (ValueError, InvalidSignature):
        return False
    return True
