"""What an answer says of what its asker sees, as a member of models: a source of the OpenAPI document."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

__all__ = ["LimitedTo"]

LimitedTo = Annotated[
    list[str] | None,
    Field(
        description="the units whose cases the key reads, with all below: others' are left out; absent: nothing is",
        examples=[["H44.01"]],
    ),
]
