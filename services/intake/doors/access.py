"""What intake's routes are given beside who asks (shared/access/routes.py): the door of the application."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from services.intake.doors.door import Door

__all__ = ["InDoor", "as_json"]


async def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


InDoor = Annotated[Door, Depends(_door)]


def as_json(content: Any, status: int = 200) -> Response:
    """An answer that is not checked against its model again."""
    return Response(orjson.dumps(content), status, media_type="application/json")
