"""Rights, and the roles that are names for them: data. Pure.

Who may do what is decided by rights alone; a role is what people write into a key.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal, get_args

__all__ = ["OLD_ROLES", "RIGHTS", "ROLES", "Right", "Role", "rights_of", "roles_with"]

#: send: entries of the key's sources and units · read: what concerns the key's units and all below · read_all: what
#: concerns any · deadletters: look at, replay and discard them, and let a stopped partition go on · agencies: make,
#: disable and enable them · reference: send and try calendars, procedures, routes, units, rules · keys: make and take
#: them, and with them all else · audit: the audit · clock: bring the clock of a stack whose data have it
Right = Literal["send", "read", "read_all", "deadletters", "agencies", "reference", "keys", "audit", "clock"]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)

#: What a key may be given. The last five are of before rights: keys and files that name them go on as they are.
Role = Literal[
    "operator",
    "officer",
    "agency",
    "auditor",
    "administrator",
    "service",
    "sender",
    "importer",
    "reference",
    "clock",
    "admin",
]
OLD_ROLES: Final[tuple[Role, ...]] = ("sender", "importer", "reference", "clock", "admin")

_ALL: Final = frozenset(RIGHTS)
#: A service asks others in its own name, and sees the cases of no unit: its key has none.
ROLES: Final[dict[Role, frozenset[Right]]] = {
    "operator": frozenset({"read_all", "deadletters"}),
    "officer": frozenset({"read"}),
    "agency": frozenset({"send", "read"}),
    "auditor": frozenset({"read_all", "audit"}),
    "administrator": _ALL,
    "service": frozenset({"read"}),
    "sender": frozenset({"send", "read"}),
    "importer": frozenset({"send", "read"}),
    "reference": frozenset({"reference"}),
    "clock": frozenset({"clock"}),
    "admin": _ALL,
}
#: Names of before for what another role is, and what only a service has.
_UNTOLD: Final = frozenset({"service", "sender", "importer", "admin"})
_BY_NAME: Final[dict[str, frozenset[Right]]] = {str(role): rights for role, rights in ROLES.items()}


@lru_cache(maxsize=1024)
def rights_of(roles: frozenset[str]) -> frozenset[Right]:
    """What roles give together; one that is not known here, as that of a newer intake, gives nothing.

    Who may read all may read.
    """
    found: set[Right] = set()
    for role in roles:
        found |= _BY_NAME.get(role, frozenset())
    return frozenset(found | {"read"} if "read_all" in found else found)


def roles_with(rights: Iterable[Right]) -> list[Role]:
    """The roles a person is told to ask for who needs one of some rights."""
    wanted = set(rights)
    return [role for role in ROLES if role not in _UNTOLD and wanted & rights_of(frozenset({role}))]
