"""The HTTP doors of a running local stack, with every failure turned into one line for people."""

from __future__ import annotations

from typing import Any

import httpx

from deploy.cli.errors import CommandError, not_running
from deploy.cli.session import Session
from deploy.local.errors import StackError
from deploy.local.home import SERVICES
from deploy.local.stack import LocalStack

__all__ = ["Services"]

_SECONDS = 30.0


class Services:
    """Services of the stack in a session's home.

    Args:
        session: whose home and language.

    Raises:
        CommandError: the stack is not running.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.local = LocalStack(session.home)
        try:
            self._running = [item["name"] for item in self.local.request("status")["processes"]]
        except StackError as error:
            raise not_running() from error
        self.stack = self.local.home.load()
        self._addresses = self.local.addresses()
        self._client = httpx.Client(trust_env=False, timeout=_SECONDS, headers={"Accept-Language": session.language})

    @property
    def kafka(self) -> str:
        """Bootstrap servers of the stack."""
        return self._addresses["kafka"]

    def address(self, name: str) -> str:
        """Base URL of a process of a service."""
        return self._addresses[name]

    def replicas(self, kind: str) -> list[str]:
        """Base URLs of all processes of a service for the live epoch."""
        names = [name for name in self._running if name == kind or name.removeprefix(f"{kind}-").isdigit()]
        return [self._addresses[name] for name in names if name.startswith(SERVICES)]

    def get(self, service: str, path: str, /, **parameters: Any) -> Any:
        """The JSON a service answers at a path; parameters that are None are left out.

        Raises:
            CommandError: it refused (its own words and remedy), or it cannot be reached.
        """
        return self.get_at(self._addresses[service], path, **parameters)

    def get_at(self, address: str, path: str, /, **parameters: Any) -> Any:
        """The same at the address of one replica."""
        asked = {name: value for name, value in parameters.items() if value is not None}
        try:
            headers = {"Authorization": f"Bearer {self.local.admin_key()}"}
            answer = self._client.get(f"{address}{path}", params=asked, headers=headers)
        except httpx.TransportError as error:
            raise CommandError(
                f"{address} không trả lời ({type(error).__name__}); xem `motcua status`",
                f"{address} does not answer ({type(error).__name__}); see `motcua status`",
            ) from error
        if answer.is_success:
            return answer.json()
        raise _refusal(answer)


def _refusal(answer: httpx.Response) -> CommandError:
    """The words of a problem document in one line; the status alone where there is none."""
    try:
        problem = answer.json()
        line = " ".join(str(problem[part]) for part in ("detail", "remedy") if problem.get(part))
    except (ValueError, TypeError, AttributeError):
        line = ""
    line = line or f"HTTP {answer.status_code} {answer.request.url}"
    return CommandError(line, line)
