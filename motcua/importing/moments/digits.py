"""Times written in digits of full width, read without the machinery of `strptime`, which takes ten times as long.

A long import reads two or three different times a row, so that this decides how fast it is. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Final

__all__ = ["read_time"]

#: Directives and their digits, from the greatest to the smallest; a pattern has all of them down to its last.
_WIDTHS: Final = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
#: Such a time in ISO 8601, by the number of its parts; a day at least.
_ISO: Final = {3: "%s-%s-%s", 4: "%s-%s-%sT%s", 5: "%s-%s-%sT%s:%s", 6: "%s-%s-%sT%s:%s:%s"}
_PARTS: Final = re.compile(r"%(.?)|([^%])", re.DOTALL)


def read_time(text: str, written: str) -> datetime:
    """What `datetime.strptime` gives.

    Args:
        text: the time.
        written: its pattern.

    Raises:
        ValueError: the text is not of the pattern.
    """
    fast = _reader(written)
    moment = None if fast is None else fast(text)
    return moment or datetime.strptime(text, written)  # noqa: DTZ007 (the caller gives it its zone)


@lru_cache(maxsize=256)
def _reader(written: str) -> Callable[[str], datetime | None] | None:
    """Reads texts of a pattern of a day and digits only, None for others; None where the pattern has more in it."""
    pattern, names = "", list[str]()
    for directive, literal in _PARTS.findall(written):
        if literal:
            pattern += re.escape(literal)
        elif directive not in _WIDTHS or directive in names:
            return None
        else:
            pattern += f"([0-9]{{{_WIDTHS[directive]}}})"
            names.append(directive)
    wanted = list(_WIDTHS)[: max(len(names), min(_ISO))]
    if sorted(names) != sorted(wanted):
        return None
    match, ordered = re.compile(pattern).fullmatch, itemgetter(*(names.index(name) for name in wanted))
    iso = _ISO[len(wanted)]

    def read(text: str) -> datetime | None:
        found = match(text)
        if found is None:
            return None
        try:
            return datetime.fromisoformat(iso % ordered(found.groups()))
        except ValueError:
            return None

    return read
