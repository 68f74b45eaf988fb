"""Keys: made of random bits, shown once, kept as hashes. Pure but for the randomness."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

__all__ = ["hash_key", "is_sendable", "new_key"]

_PREFIX: Final = "mc_"


def new_key() -> str:
    """A key of 256 random bits; it is shown once and never stored."""
    return _PREFIX + secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """The form in which a key is stored and looked up.

    One round of SHA-256 is right here: a key is 256 random bits, so nobody can find it by trying, however fast the
    hash; slow hashes protect passwords that people choose. For the same reason a lookup by hash leaks nothing by its
    timing.
    """
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def is_sendable(key: str) -> bool:
    """Whether a text can be a key in an HTTP header; what cannot is nobody's."""
    return key.isascii() and key.isprintable()
