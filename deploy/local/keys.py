"""Sender keys of a local stack: the plain key for its owner alone, the hash for intake to know at start.

Knows the two files of a key; who may do what is intake's to enforce.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.local.errors import StackError
from deploy.local.home import Home, write_atomically

__all__ = ["ADMIN", "ROLES", "bootstrap_file", "create", "new_key", "read", "record_of"]

ADMIN = "admin"
ROLES = ("sender", "importer", "clock", "reference")


def create(
    home: Home,
    sender: str,
    sources: Sequence[str] = ("*",),
    units: Sequence[str] = ("*",),
    roles: Sequence[str] | None = None,
) -> str:
    """The key of a sender: made and recorded at the first call, the same afterwards.

    Args:
        home: the stack.
        sender: name stamped on the sender's entries.
        sources: sources it may speak for; "*" is any.
        units: units it may name; "*" is any.
        roles: what it may do; None is everything for the admin, all but administration for others.
    """
    plain_file = home.keys / f"{sender}.key"
    if plain_file.exists():
        key = plain_file.read_text(encoding="ascii").strip()
    else:
        key = new_key()
        write_atomically(plain_file, key + "\n", mode=0o600)
    record = record_of(key, sender, sources, units, roles)
    known = _known(home)
    if record not in known:
        others = [item for item in known if item.get("sender") != sender]
        write_atomically(bootstrap_file(home), json.dumps([*others, record], indent=2) + "\n", mode=0o600)
    return key


def new_key() -> str:
    """A random key that nobody can guess."""
    return f"mc_{secrets.token_urlsafe(32)}"


def record_of(
    key: str,
    sender: str,
    sources: Sequence[str] = ("*",),
    units: Sequence[str] = ("*",),
    roles: Sequence[str] | None = None,
) -> dict[str, Any]:
    """What intake is given to know a key: its hash, whose it is and what it allows; arguments as of `create`."""
    return {
        "sender": sender,
        "hash": "sha256:" + hashlib.sha256(key.encode("ascii")).hexdigest(),
        "sources": list(sources),
        "units": list(units),
        "roles": list(roles if roles is not None else (*ROLES, ADMIN) if sender == ADMIN else ROLES),
    }


def read(home: Home, sender: str = ADMIN) -> str:
    """The plain key of a sender of this stack.

    Raises:
        StackError: it has none here.
    """
    try:
        return (home.keys / f"{sender}.key").read_text(encoding="ascii").strip()
    except OSError as error:
        raise StackError(f"sender {sender} has no key in {home.keys}: start the stack with `motcua up`") from error


def bootstrap_file(home: Home) -> Path:
    """File of the hashed keys that intake makes known at its start."""
    return home.keys / "bootstrap.json"


def _known(home: Home) -> list[dict[str, Any]]:
    try:
        content: list[dict[str, Any]] = json.loads(bootstrap_file(home).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return content
