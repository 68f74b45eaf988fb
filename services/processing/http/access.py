"""What processing's routes are given beside who asks (shared/access/routes.py): the service. Decides nothing."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from services.processing.service import Service

__all__ = ["InService"]


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


InService = Annotated[Service, Depends(_service)]
