"""The entry point `motcua`: nothing but the words typed and Ctrl-C; everything else is imported inside `main`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from motcua.cli.front.interrupts import INTERRUPTED, end_at_once

__all__ = ["hoist", "main"]

#: Global options may stand anywhere on the line; those with a value bring it along.
_GLOBAL = {"--home": True, "--lang": True, "--debug": False}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 for success, 1 for a failure, 2 for wrong usage.

    Args:
        arguments: the words of the line; without them those of this process, which Ctrl-C then ends without a trace.
    """
    own = arguments is None
    if own:
        end_at_once()
    line = hoist(list(sys.argv[1:] if arguments is None else arguments))
    try:
        from motcua.cli.front.running import run

        return run(line)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        if own:
            end_at_once()


def hoist(line: list[str]) -> list[str]:
    """The command line with its global options in front, wherever they were typed; words after `--` stay."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(line)
    for word in words:
        if word == "--":
            return [*front, *rest, word, *words]
        name, equals, _ = word.partition("=")
        if name not in _GLOBAL:
            rest.append(word)
            continue
        front.append(word)
        if _GLOBAL[name] and not equals:
            front.extend(value for value in (next(words, None),) if value is not None)
    return [*front, *rest]


if __name__ == "__main__":
    sys.exit(main())
