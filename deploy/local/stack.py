"""A local stack as people and tests use it: up, down, status, and commands to its supervisor.

Knows the home folder, the supervisor's socket and the services' health addresses; keeps nothing in memory.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.local import children, control, keys, ports, processes
from deploy.local.backends import jars, kafka, secantus
from deploy.local.errors import OtherEngineError, StackError
from deploy.local.home import Home
from deploy.local.report import ProcessStatus, StackStatus, address_of, health_of, needs_rebuild
from deploy.local.upkeep.taking_over import running

__all__ = ["LocalStack", "ProcessStatus", "Progress", "StackStatus"]

#: Told in a few words what is being waited for.
Progress = Callable[[str], None]

_UP_SECONDS = 120.0
_DOWN_SECONDS = 60.0
_KILL_SECONDS = 5.0
_CLAIM_SECONDS = 15.0
_POLL = 0.1
#: A process that is about to be restarted for another epoch may say so for a moment.
_SURE_SECONDS = 5.0


class LocalStack:
    """The stack of one home folder.

    Args:
        home: its folder; made at the first `up`.
        language: of what its services say, "vi" or "en".
    """

    def __init__(self, home: Path | str, language: str = "en") -> None:
        self.home = Home(home)
        self._language = language
        self._started: subprocess.Popen[bytes] | None = None

    def up(
        self,
        *,
        clock: str | None = None,
        simulated: bool | None = None,
        zone: str | None = None,
        replicas: Mapping[str, int] | None = None,
        services: Sequence[str] | None = None,
        settings: Mapping[str, str] | None = None,
        preferred: Mapping[str, int] | None = None,
        partitions: int | None = None,
        brokers: int | None = None,
        progress: Progress = lambda _: None,
        timeout: float = _UP_SECONDS,
    ) -> StackStatus:
        """Start what does not run yet and wait until every service says it is ready.

        What a new stack is made as and no argument says, MOTCUA_ variables may (deploy/local/kind.py).

        Args:
            clock: "live" or "data"; None keeps what the stack has ("live" for a new one).
            simulated: whether its entries are invented; None keeps what the stack has.
            zone: time zone of day boundaries, for a new stack.
            replicas: processes by service, where not one.
            services: services to run; None keeps what the stack has (all for a new one).
            settings: further MOTCUA_ settings of the services.
            preferred: first choice of ports by process name, for a new stack.
            partitions: journal partitions, for a new stack.
            brokers: Kafka brokers, for a new stack; 1 by default.
            progress: told what is being waited for.
            timeout: seconds from the supervisor's start to readiness.

        Raises:
            StackError: a tool is missing, the stack is of another kind, or something did not become ready in time
                (which one, and the last lines of its log).
        """
        asked = {"clock": clock, "simulated": simulated, "zone": zone, "partitions": partitions, "brokers": brokers}
        from deploy.local.kind import stack_of  # noqa: PLC0415 - who asks a running stack need not wait for settings

        # What cannot be is refused before anything is made.
        wanted = stack_of(self.home, asked)
        jars.prepare(progress)
        self.home.create()
        if not self.supervised():
            wanted.services = list(services) if services is not None else wanted.services
            wanted.replicas |= dict(replicas or {})
            wanted.settings |= dict(settings or {})
            wanted.versions = {"kafka": jars.kafka_version(), "secantusdb": secantus.server_version()}
            keys.create_own(self.home)
            wanted.cluster = wanted.cluster or kafka.new_cluster()
            first = children.preferred_ports(wanted.services, wanted.replicas, wanted.brokers)
            names = children.process_names(wanted)
            for name in processes.end_orphans(self.home, keep=names):
                progress(f"ended {name}, left by a supervisor that was killed")
            left = running(self.home, names)
            for name in left:
                progress(f"taking over {name}, left by a supervisor that was killed")
            held = {*left, *(name.replace("kafka", "controller") for name in left)}
            with ports.choosing():
                wanted.ports |= ports.assign(first | _known(preferred or {}, first), wanted.ports, held)
                self.home.save(wanted)
                self._launch()
        return self.wait_ready(progress, timeout)

    def down(self, timeout: float = _DOWN_SECONDS) -> list[str]:
        """Stop everything in order; the data stay. Returns what had to be ended without a supervisor.

        Raises:
            StackError: the supervisor did not end in time; everything was ended by force then.
        """
        supervisor = self.supervisor()
        if supervisor is None and self._started is not None:
            # It was started a moment ago and has not said yet who it is.
            supervisor = processes.identify(self._started.pid)
        if supervisor is None:
            return processes.end_orphans(self.home)
        processes.send(supervisor, signal.SIGTERM)
        processes.send(supervisor, signal.SIGCONT)
        deadline = time.monotonic() + timeout
        while processes.alive(supervisor) and time.monotonic() < deadline:
            self._collect()
            time.sleep(_POLL)
        late = processes.alive(supervisor)
        if late:
            processes.end(supervisor, 0)
        self._collect()
        left = processes.end_orphans(self.home)
        if late:
            raise StackError(f"the stack did not stop within {timeout:.0f} s; it was ended by force")
        return left

    def status(self) -> StackStatus:
        """The stack as it is now, each process asked for its health."""
        stack = self.home.load()
        try:
            answer = self.request("status")
        except StackError:
            return StackStatus("stopped", "", stack, [])
        found = [self._process(item) for item in answer["processes"]]
        return StackStatus(answer["phase"], answer["error"], self.home.load(), found, answer.get("note", ""))

    def wait_ready(self, progress: Progress = lambda _: None, timeout: float = _UP_SECONDS) -> StackStatus:
        """Wait until everything runs and is ready.

        Raises:
            StackError: it did not within `timeout` seconds; names which one, with the last lines of its log.
            OtherEngineError: it will not, since another version of processing derived what is there.
        """
        deadline = time.monotonic() + timeout
        told = ""
        refused: float | None = None
        while True:
            self._collect()
            status = self.status()
            if status.ready:
                return status
            if status.phase == "failed":
                raise StackError(status.error, self.home.log_tail("supervisor"))
            if status.phase == "stopped" and self._gone():
                raise StackError("the supervisor ended at its start: see its log", self.home.log_tail("supervisor"))
            waiting = [item for item in status.processes if item.health != "ready"]
            text = f"waiting for {', '.join(map(_why, waiting)) or status.phase}"
            if text != told:
                told = text
                progress(text)
            reason = next(filter(None, map(needs_rebuild, status.processes)), None)
            if reason is None:
                refused = None
            elif refused is None:
                refused = time.monotonic()
            elif time.monotonic() - refused > _SURE_SECONDS:
                raise OtherEngineError("processing", reason)
            if time.monotonic() > deadline:
                name, shown = (waiting[0].name, _why(waiting[0])) if waiting else ("supervisor", "supervisor")
                log = self.home.log(name)
                raise StackError(
                    f"{shown} was not ready within {timeout:.0f} s: see {log}",
                    self.home.log_tail(name),
                    vi=f"{shown} chưa sẵn sàng sau {timeout:.0f} giây: xem {log}",
                )
            time.sleep(_POLL)

    def request(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Ask the supervisor for `command`; returns its answer.

        Args:
            command: status; start, stop or restart (name); replicas (name, count); services (names);
                start-epoch, stop-epoch or live-epoch (epoch).
            arguments: the command's own, by name.

        Raises:
            StackError: it refused, or the stack is not running.
        """
        path = self.home.load().socket
        try:
            return control.ask(Path(path or self.home.run / "supervisor.sock"), {"command": command, **arguments})
        except OSError as error:
            raise StackError(f"the stack in {self.home.path} is not running: start it with `motcua up`") from error

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a signal to a process of the stack, for tests; returns its pid. A killed one is gone on return.

        Raises:
            StackError: it does not run.
        """
        identity = self.supervisor() if name == "supervisor" else processes.read_pid_file(self.home.pid_file(name))
        if identity is None or not processes.send(identity, number):
            raise StackError(f"process {name} does not run")
        deadline = time.monotonic() + _KILL_SECONDS
        while number == signal.SIGKILL and processes.alive(identity) and time.monotonic() < deadline:
            time.sleep(_POLL / 10)
        return identity.pid

    def supervisor(self) -> processes.Identity | None:
        """The supervisor if it runs."""
        return processes.read_pid_file(self.home.pid_file("supervisor"))

    def supervised(self) -> bool:
        """Whether a supervisor runs."""
        self._collect()
        return self.supervisor() is not None

    def addresses(self) -> dict[str, str]:
        """Address by process name: bootstrap servers (of all brokers at `kafka`), MongoDB URI, URLs of the services."""
        stack = self.home.load()
        ports_of = {name: port for name, port in stack.ports.items() if not name.startswith("controller")}
        found = {name: address_of(name, port) for name, port in ports_of.items()}
        return found | {"kafka": children.bootstrap(stack)} if "kafka" in found else found

    def admin_key(self) -> str:
        """Plain key of the stack's administrator."""
        return keys.read(self.home)

    def _launch(self) -> None:
        with self.home.log("supervisor").open("ab") as log:
            self._started = subprocess.Popen(
                [sys.executable, "-m", "deploy.local.supervisor", "--home", str(self.home.path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=jars.ROOT,
                start_new_session=True,
            )

        deadline = time.monotonic() + _CLAIM_SECONDS
        while self._started.poll() is None and time.monotonic() < deadline:
            # It claims its ports before it listens; then another stack may choose.
            with contextlib.suppress(StackError):
                self.request("status")
                return
            time.sleep(_POLL)

    def _collect(self) -> None:
        """Let an ended supervisor that this process started go, so that it does not stay as a zombie."""
        if self._started is not None:
            self._started.poll()

    def _gone(self) -> bool:
        if self._started is not None:
            return self._started.returncode is not None
        return self.supervisor() is None

    def _process(self, report: Mapping[str, Any]) -> ProcessStatus:
        name, port, state = report["name"], report["port"], report["state"]
        health, away = ("stopped", ()) if state == "stopped" else health_of(name, port, self._language)
        address = address_of(name, port)
        return ProcessStatus(name, report["pid"], state, port, address, health, report["restarts"], away)


def _why(process: ProcessStatus) -> str:
    """A process that is waited for, and what it waits for itself."""
    return f"{process.name} ({'; '.join(process.away)})" if process.away else process.name


def _known(preferred: Mapping[str, int], names: Mapping[str, int]) -> dict[str, int]:
    unknown = set(preferred) - set(ports.PREFERRED)
    if unknown:
        raise StackError(f"ports of {', '.join(sorted(unknown))}: no such process; use {', '.join(ports.PREFERRED)}")
    return {name: port for name, port in preferred.items() if name in names}
