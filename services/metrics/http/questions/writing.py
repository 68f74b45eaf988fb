"""Answers as JSON in pieces, made one after the other: writing a large one at once would let nobody else go on.

The writer of a piece holds the interpreter until it is written, in whatever thread, so that pieces are kept small.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

import orjson

__all__ = ["pieces"]

#: Items of a list written at once, a few hundred kilobytes at most.
_AT_ONCE: Final = 100
#: Bytes of a piece, at least.
_PIECE: Final = 262_144


def pieces(answer: Mapping[str, Any]) -> Iterator[bytes]:
    """The text of a JSON object in pieces; members may be iterators, which then are lists."""
    held: list[bytes] = []
    size = 0
    for part in _object(answer):
        held.append(part)
        size += len(part)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _object(answer: Mapping[str, Any]) -> Iterator[bytes]:
    before = b"{"
    for name, value in answer.items():
        yield before + _text(name) + b":"
        before = b","
        yield from _value(value)
    yield b"}" if answer else b"{}"


def _value(value: Any) -> Iterator[bytes]:
    if isinstance(value, Mapping):
        yield from _object(value)
    elif isinstance(value, list | Iterator):
        yield from _list(iter(value))
    else:
        yield _text(value)


def _list(items: Iterable[Any]) -> Iterator[bytes]:
    before = b"["
    items = iter(items)
    while some := list(islice(items, _AT_ONCE)):
        yield before + _text(some)[1:-1]
        before = b","
    yield b"[]" if before == b"[" else b"]"


def _text(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        # A sum beyond 64 bits, of forged rows: exact all the same.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
