"""The console of the command line: what comes from data cannot steer the terminal it is shown on.

Controls, invisible and bidi signs are shown by their code points, in every text and every cell of every table. Colours
and movements of our own are no text to the library, so they go through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from shared.texts.signs import is_odd, odd_sign, sign_name, visible

__all__ = ["PlainConsole"]

#: What lays out our own lines.
_KEPT: Final = "\n\t"


class PlainConsole(Console):
    """A console that shows odd signs instead of writing them, and takes no text for markup: brackets are data's."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"markup": False, **given})

    def render_str(self, text: str, **given: Any) -> Text:
        """A text of ours or of data; see the library."""
        return super().render_str(visible(text, _KEPT), **given)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Everything that is shown comes by here, cells of tables too; see the library."""
        return super().render(_shown(renderable) if isinstance(renderable, Text) else renderable, options)


def _shown(text: Text) -> Text:
    """The same text and styles, odd signs by their code points."""
    plain = text.plain
    if odd_sign(plain) is None:
        return text
    shown, begin = text.blank_copy(), 0
    for place, sign in enumerate(plain):
        if is_odd(sign) and sign not in _KEPT:
            shown.append_text(text[begin:place]).append(f"<{sign_name(sign)}>")
            begin = place + 1
    return shown.append_text(text[begin:])
