"""Lines of the doctor about keys of before grants had a limit, whose entries may act for every unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from motcua.cli.words import Language
from shared.access.patterns import MOST_PATTERNS
from shared.access.stamping import needed

__all__ = ["wide_keys"]


def wide_keys(answer: Mapping[str, Any], language: Language) -> Iterator[str]:
    """A line for each key that needs more patterns of units than an entry carries.

    Args:
        answer: what intake tells at /v1/senders.
        language: of the lines.
    """
    for one in answer["senders"]:
        patterns = needed(tuple(one["units"]))
        if patterns > MOST_PATTERNS:
            yield (
                f"{one['sender']}: cần {patterns} mẫu đơn vị, nhiều hơn {MOST_PATTERNS}: mục của khoá này có hiệu lực "
                "với mọi đơn vị"
                if language == "vi"
                else f"{one['sender']}: needs {patterns} patterns of units, more than {MOST_PATTERNS}: its entries act "
                "for every unit"
            )
