"""Gives each message about a task or notice its version. Pure.

What is owed is recorded with its version before it is sent, and of two dispatchers only one records: so a version
names one message, and whoever keeps the highest is misled by no order in which messages come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.processing.dispatch.wanted import Message, Sent

__all__ = ["numbered"]


def numbered(
    messages: Iterable[Message], sent: Iterable[Sent], before: Iterable[Sent]
) -> tuple[list[Message], list[Sent]]:
    """The messages with their versions, and what will have been sent with the highest of each.

    Args:
        messages: of one dossier, in order.
        sent: what will have been sent then.
        before: what was sent before.
    """
    versions = {one.id: one.version for one in before}
    told = []
    for message in messages:
        about = message.data.get("task") or message.data["notice"]
        version = versions[about] = versions.get(about, 0) + 1
        # A task may be changed back and forth: the same change again is another message.
        id_ = f"{message.id} v{version}" if message.type == "task.changed" else message.id
        told.append(replace(message, id=id_, data=message.data | {"version": version}))
    return told, [replace(one, version=versions.get(one.id, 0)) for one in sent]
