"""Sender keys of a local stack: the plain key for its owner alone, the hash for intake to know at start.

Knows the two files of a key; who may do what is intake's to enforce.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from deploy.local.errors import StackError
from deploy.local.home import Home, write_atomically
from shared.access.keys import hash_key, new_key
from shared.access.rights import OLD_ROLES

__all__ = [
    "ADMIN",
    "ASKING",
    "ROLES",
    "bootstrap_file",
    "create",
    "create_own",
    "fill_folder",
    "key_file",
    "of_service",
    "read",
    "record_of",
]

ADMIN: Final = "admin"
#: What a sender of a home may do where nobody says: all but administration.
ROLES: Final = tuple(sorted(set(OLD_ROLES) - {ADMIN}))
#: Services that ask others, each with a key of its own.
ASKING: Final = ("processing", "metrics")


def of_service(kind: str) -> str:
    """The sender that a service is."""
    return f"service-{kind}"


def create_own(home: Home) -> None:
    """Make the keys a stack needs for itself, where they are missing: the administrator's and its services'."""
    create(home, ADMIN)
    for kind in ASKING:
        create(home, of_service(kind), (), (), ("service",))


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
    plain_file = key_file(home, sender)
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
        "hash": hash_key(key),
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
        return key_file(home, sender).read_text(encoding="ascii").strip()
    except OSError as error:
        raise StackError(f"sender {sender} has no key in {home.keys}: start the stack with `motcua up`") from error


def key_file(home: Home, sender: str) -> Path:
    """File of a sender's plain key, for its owner alone."""
    return home.keys / f"{sender}.key"


def bootstrap_file(home: Home) -> Path:
    """File of the hashed keys that intake makes known at its start."""
    return home.keys / "bootstrap.json"


def fill_folder(folder: Path) -> str | None:
    """Make what a stack without a home needs, where it is missing: `keys.json` for intake, and the services' own keys.

    The folder is its owner's alone. Its files may be read by others, so that a container reads those it is given
    whichever user it runs as.

    Returns:
        The administrator's key, where it was made now; it is written nowhere.

    Raises:
        OSError: the folder cannot be written to.
        ValueError: its keys.json is no list of senders.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = _read_records(folder / "keys.json")
    made: str | None = None
    if not any(record["sender"] == ADMIN for record in known):
        made = new_key()
        known.append(record_of(made, ADMIN))
    for sender in map(of_service, ASKING):
        plain_file = folder / f"{sender}.key"
        key = plain_file.read_text(encoding="ascii").strip() if plain_file.exists() else new_key()
        write_atomically(plain_file, key + "\n")
        known = [record for record in known if record["sender"] != sender]
        known.append(record_of(key, sender, (), (), ("service",)))
    write_atomically(folder / "keys.json", json.dumps(known, indent=2) + "\n")
    return made


def _known(home: Home) -> list[dict[str, Any]]:
    return _read_records(bootstrap_file(home))


def _read_records(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    if not isinstance(content, list) or not all(isinstance(one, dict) and "sender" in one for one in content):
        raise ValueError(f"{path} is no list of senders")
    return content
