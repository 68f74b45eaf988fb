"""How a stack says which one it is: what services answer with and clients of a home compare."""

from __future__ import annotations

from typing import Final

__all__ = ["STACK_HEADER"]

#: Header of /health/live with the stack's identity.
STACK_HEADER: Final = "Motcua-Stack"
