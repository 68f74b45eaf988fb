"""The doors of a running stack, of a home folder or elsewhere, with every failure turned into one line for people.

The only place of the command line that knows which of the two it is; what is asked is the commands' own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from deploy.local.errors import StackError
from deploy.local.home import ALL_CODE_FORMS, CAP_OF_BEFORE, SERVICES, Stack
from deploy.local.stack import LocalStack
from motcua.cli.errors import CommandError, not_running
from motcua.cli.front.identity import check_own
from motcua.cli.session import Session
from shared.broker.topics import journal

if TYPE_CHECKING:
    from motcua.cli.addresses import CommandSettings

__all__ = ["Services"]

_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 2.0


class Services:
    """Services of the stack that a session's variables name, else of the one in its home.

    Addresses of a home are given out only while its own stack answers there.

    Args:
        session: whose stack and language.

    Raises:
        CommandError: the stack is not running, or does not answer.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._elsewhere: CommandSettings | None = session.elsewhere
        self._looked_at: dict[str, float] = {}
        self._client = httpx.Client(trust_env=False, timeout=_SECONDS, headers={"Accept-Language": session.language})
        if self._elsewhere is not None:
            self._urls = self._elsewhere.urls()
            self.stack = self._ask_what_it_is(self._elsewhere)
            return
        local = LocalStack(session.home)
        try:
            running = [item["name"] for item in local.request("status")["processes"]]
        except StackError as error:
            raise not_running() from error
        self.stack = local.home.load()
        self._addresses = local.addresses()
        self._urls = {kind: [self._addresses[name] for name in running if _is(kind, name)] for kind in SERVICES}

    @cached_property
    def local(self) -> LocalStack:
        """The stack of the home folder, for what only such a one can do.

        Raises:
            CommandError: the stack is elsewhere.
        """
        self._session.only_local()
        return LocalStack(self._session.home)

    @cached_property
    def entry_cap(self) -> int:
        """Entries a dossier of the stack may have: as its home has it; elsewhere by processing's own word."""
        return int(self._told_of_kind("entry_cap", CAP_OF_BEFORE))

    @cached_property
    def code_forms(self) -> str:
        """Forms of dossier codes of the stack that name a unit: as its home has it, elsewhere by processing's word."""
        return str(self._told_of_kind("code_forms", ALL_CODE_FORMS))

    def _told_of_kind(self, name: str, of_before: Any) -> Any:
        """A setting taken when the stack was made; one that tells nothing of it is of before."""
        if self._elsewhere is None:
            return getattr(self.stack, name)
        if not self._urls["processing"]:
            return of_before
        return self.get("processing", "/v1/positions").get(name, of_before)

    @property
    def home(self) -> Path:
        """Folder for what commands keep between runs, progress of imports for one."""
        return self._session.home.expanduser().resolve()

    @property
    def kafka(self) -> str:
        """Bootstrap servers of the stack.

        Raises:
            CommandError: MOTCUA_KAFKA is needed for a stack elsewhere.
        """
        return self._backend("kafka")

    @property
    def mongo(self) -> str:
        """Connection string of the stack's database.

        Raises:
            CommandError: MOTCUA_MONGO is needed for a stack elsewhere.
        """
        return self._backend("mongo")

    @property
    def journal(self) -> str:
        """Topic of the journal, of the stack's generation."""
        return journal(self.stack.generation)

    @property
    def partitions(self) -> int:
        """Partitions of the journal."""
        return self.stack.partitions

    @cached_property
    def key(self) -> str:
        """Plain key that commands show: the administrator's of a local stack, else MOTCUA_KEY.

        Raises:
            CommandError: there is none.
        """
        if self._elsewhere is None:
            return self.local.admin_key()
        return self._elsewhere.key or _unset("key")

    def address(self, name: str) -> str:
        """Base URL of a process of a service, the first one of a service elsewhere.

        Raises:
            CommandError: its variable is needed for a stack elsewhere; or another stack answers at the home's address.
        """
        if self._elsewhere is None:
            return self._own([self._addresses[name]])[0]
        return self._some(name)[0]

    def replicas(self, kind: str) -> list[str]:
        """Base URLs of all processes of a service for the live epoch.

        Raises:
            CommandError: its variable is needed for a stack elsewhere.
        """
        return self._some(kind) if self._elsewhere is not None else self._own(self._urls[kind])

    def _own(self, addresses: list[str]) -> list[str]:
        """Addresses of the home's stack; a moment later it is looked at again who answers there."""
        now = time.monotonic()
        for address in addresses:
            if now - self._looked_at.get(address, -_LOOK_SECONDS) >= _LOOK_SECONDS:
                check_own(address, self.stack.cluster)
                self._looked_at[address] = now
        return addresses

    def get(self, service: str, path: str, /, **parameters: Any) -> Any:
        """The JSON a service answers at a path; parameters that are None are left out.

        Raises:
            CommandError: it refused (its own words and remedy), or it cannot be reached.
        """
        return self._at_any(service, "GET", path, params=parameters)

    def get_at(self, address: str, path: str, /, **parameters: Any) -> Any:
        """The same at the address of one replica."""
        return self._request([address], "GET", path, params=parameters)

    def post(self, service: str, path: str, json: Any = None, /) -> Any:
        """What a service answers to JSON sent to a path, with the key; None for an answer without content.

        Raises:
            CommandError: it refused (its own words and remedy), or it cannot be reached; what was sent may or may not
                have been done then.
        """
        return self._request([self.address(service)], "POST", path, json=json)

    def post_at(self, address: str, path: str, json: Any = None, /) -> Any:
        """The same at the address of one replica."""
        return self._request([address], "POST", path, json=json)

    def _at_any(self, service: str, method: str, path: str, **given: Any) -> Any:
        """At the first replica that can be reached, where several are known to answer the same."""
        several = service == "metrics" and self._elsewhere is not None
        return self._request(self.replicas(service) if several else [self.address(service)], method, path, **given)

    def _request(self, addresses: Sequence[str], method: str, path: str, **given: Any) -> Any:
        if "params" in given:
            given["params"] = {name: value for name, value in given["params"].items() if value is not None}
        headers = {"Authorization": f"Bearer {self.key}"} if self._elsewhere is None or self._elsewhere.key else {}
        for place, address in enumerate(addresses):
            try:
                answer = self._client.request(method, f"{address}{path}", headers=headers, **given)
            except (httpx.TransportError, httpx.InvalidURL) as error:
                if place + 1 < len(addresses):
                    continue
                raise CommandError(
                    f"{address} không trả lời ({type(error).__name__}); xem `motcua status`",
                    f"{address} does not answer ({type(error).__name__}); see `motcua status`",
                ) from error
            if answer.is_success:
                return answer.json() if answer.content else None
            if answer.status_code == httpx.codes.UNAUTHORIZED and not headers:
                _unset("key")
            raise _refusal(answer)
        raise AssertionError("no address to ask")

    def _backend(self, name: str) -> str:
        if self._elsewhere is None:
            return self._addresses[name]
        return str(getattr(self._elsewhere, name)) if self._elsewhere.named(name) else _unset(name)

    def _some(self, kind: str) -> list[str]:
        return self._urls[kind] or [_unset(kind)]

    def _ask_what_it_is(self, settings: CommandSettings) -> Stack:
        """The stack elsewhere: its clock, kind and zone by its own word, partitions by the variables.

        Raises:
            CommandError: MOTCUA_ZONE names another zone than the stack's.
        """
        told = self._request(self._urls["intake"], "GET", "/v1/clock")
        zone = told.get("zone") or settings.zone
        if settings.named("zone") and settings.zone != zone:
            raise CommandError(
                f"MOTCUA_ZONE={settings.zone}: múi giờ của hệ thống là {zone}; bỏ biến này, hoặc đặt thành {zone}",
                f"MOTCUA_ZONE={settings.zone}: the stack's zone is {zone}; unset the variable, or set it to {zone}",
            )
        return Stack(
            clock=told["mode"],
            simulated=told["simulated"],
            zone=zone,
            partitions=settings.partitions,
            generation=settings.generation,
            brokers=settings.replicas,
        )


def _is(kind: str, name: str) -> bool:
    return name == kind or name.removeprefix(f"{kind}-").isdigit()


def _unset(setting: str) -> str:
    """Refuse for want of a variable."""
    name = f"MOTCUA_{setting.upper()}"
    raise CommandError(
        f"Lệnh này cần biến {name} của hệ thống ở nơi khác (docs/guides/compose.md)",
        f"This command needs {name} of the stack elsewhere (docs/guides/compose.md)",
    )


def _refusal(answer: httpx.Response) -> CommandError:
    """The words of a problem document in one line; the status alone where there is none."""
    try:
        problem = answer.json()
        line = " ".join(str(problem[part]) for part in ("detail", "remedy") if problem.get(part))
    except (ValueError, TypeError, AttributeError):
        line = ""
    line = line or f"HTTP {answer.status_code} {answer.request.url}"
    return CommandError(line, line)
