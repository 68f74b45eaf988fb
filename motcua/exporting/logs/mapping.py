"""The mapping file that brings an exported process log in again, for `motcua import`. Pure: knows the mapping language.

It names just what the log has, since a mapping that names what a log has not is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shared.contract.entries import TYPE_RANK

__all__ = ["mapping_of"]


def mapping_of(members: Mapping[str, Collection[str]], *, simulated: bool) -> str:
    """The text of the mapping.

    Args:
        members: by entry type, the members of data that the log tells.
        simulated: whether the log is of a simulated stack; it goes into such a one only.
    """
    lines = [
        "# Brings back a log that `motcua export journal` wrote: each event is one entry, with its own identity.",
        "version: 1",
        'source: "{source}"',
        "row: event",
        'dossier: "{case:concept:name}"',
        "formats: iso",
        'time: "{time:timestamp}"',
        'sequence: "{sequence}"',
        'revision: "{revision}"',
        *(["simulated: true"] if simulated else []),
        "",
        "entries:",
    ]
    for type_ in sorted(members, key=lambda name: TYPE_RANK[name]):
        lines += [f"  - type: {type_}", f"    when: {{ column: type, is: {type_} }}", '    id: "{entry_id}"']
        if members[type_]:
            lines.append("    data:")
            lines += [f'      {name}: "{{{name}}}"' for name in sorted(members[type_])]
    return "\n".join(lines) + "\n"
