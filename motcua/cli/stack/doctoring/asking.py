"""What the doctor asks the services of a home, with the home's own key. Whoever does not answer has said nothing."""

from __future__ import annotations

from typing import Any

import httpx

from deploy.local.errors import StackError
from deploy.local.stack import LocalStack

__all__ = ["ask", "ask_at"]

_SECONDS = 5


def ask(local: LocalStack, service: str, path: str) -> dict[str, Any] | None:
    """The JSON object that a service of the home answers at a path; None where it is away, or refuses."""
    return ask_at(local, local.addresses().get(service, ""), path)


def ask_at(local: LocalStack, address: str, path: str) -> dict[str, Any] | None:
    """The same at the address of one of its processes."""
    try:
        headers = {"Authorization": f"Bearer {local.admin_key()}"}
        answer = httpx.get(f"{address}{path}", headers=headers, trust_env=False, timeout=_SECONDS)
        found = answer.json() if answer.is_success else None
    except (httpx.HTTPError, ValueError, StackError):
        return None
    return found if isinstance(found, dict) else None
