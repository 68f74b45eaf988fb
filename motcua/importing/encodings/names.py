"""The names that encodings and repairs have in a mapping. Pure."""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["BY_BYTES", "Repair", "encoding_name"]

#: What a mapping's `file.repair` may say.
Repair = Literal["tcvn3", "vni", "viscii", "windows-1258", "mojibake"]
#: Names of `file.encoding` that Python does not read by itself.
BY_BYTES: Final = frozenset({"tcvn3", "vni", "viscii"})
_OTHERS: Final = {
    "abc": "tcvn3",
    "tcvn": "tcvn3",
    "tcvn-3": "tcvn3",
    "tcvn-5712": "tcvn3",
    "vni-windows": "vni",
    "cp1258": "windows-1258",
    "cp1252": "windows-1252",
}


def encoding_name(written: str) -> str:
    """The name by which an encoding is compared: small letters, hyphens, one name for one thing."""
    name = written.strip().lower().replace("_", "-").replace(" ", "-")
    return _OTHERS.get(name, name)
