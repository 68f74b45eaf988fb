"""Feeds a part of an archive to a target that sees its elements pass by; memory stays flat however long the part is."""

from __future__ import annotations

from typing import IO, Any, Protocol

from lxml import etree

__all__ = ["Target", "pass_by"]

_CHUNK = 1 << 18


class Target(Protocol):
    """What is told of the elements of a part, in their order."""

    def start(self, tag: str, attributes: Any) -> None:
        """An element begins."""
        ...

    def end(self, tag: str) -> None:
        """An element ends."""
        ...

    def data(self, text: str) -> None:
        """A text, or a piece of one."""
        ...

    def close(self) -> None:
        """The part has ended."""
        ...


def pass_by(opened: IO[bytes], target: Target) -> None:
    """Let a part pass by. No entity is resolved and nothing is fetched.

    Raises:
        etree.XMLSyntaxError: the part is damaged, or nested deeper than any sheet is.
    """
    parser: Any = etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    while chunk := opened.read(_CHUNK):
        parser.feed(chunk)
    parser.close()
