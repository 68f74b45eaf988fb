"""The home folder of a local stack: what the stack is, and where its data, logs, keys and pid files lie.

Knows files only; starts nothing. Everything of a stack lies here, so several stacks live side by side.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from deploy.local.errors import StackError

__all__ = ["ALL_CODE_FORMS", "CAP_OF_BEFORE", "SERVICES", "Home", "Stack", "write_atomically"]

SERVICES = ("intake", "processing", "metrics")

#: Of a stack that was made before its description said so; a rebuild must not drop what counted.
CAP_OF_BEFORE = 2_000
#: Every form of dossier codes: of a stack that says nothing else, and of those of before.
ALL_CODE_FORMS = "national,old"

#: A unix socket's path is limited to 107 bytes; beyond this the socket goes to a folder for temporary files.
_LONGEST_SOCKET_PATH = 100


@dataclass(slots=True)
class Stack:
    """What a stack is; fixed at its first start except ports, replicas and epoch.

    Args:
        clock: "live" (the wall clock ticks) or "data" (imports tick).
        simulated: whether its entries are invented.
        zone: time zone of day boundaries.
        partitions: journal partitions of this generation.
        generation: of the journal: another partition count is the next one.
        entry_cap: entries a dossier may have; facts go by it.
        code_forms: forms of dossier codes whose unit may act on the dossier; facts go by it.
        epoch: the live derivation.
        brokers: Kafka brokers; what is kept is kept by up to three of them.
        services: the services it runs, in order of starting.
        ports: port by process name.
        replicas: number of processes of a service, where it is not one.
        settings: further MOTCUA_ settings of the services.
        versions: what the data were made with, by product.
        socket: path of the supervisor's socket while it runs.
        cluster: identity of the stack, and of its Kafka cluster; services tell it with their health.
    """

    clock: str = "live"
    simulated: bool = False
    zone: str = "Asia/Ho_Chi_Minh"
    partitions: int = 4
    generation: int = 1
    entry_cap: int = 1_000
    code_forms: str = ALL_CODE_FORMS
    epoch: int = 1
    brokers: int = 1
    services: list[str] = field(default_factory=lambda: list(SERVICES))
    ports: dict[str, int] = field(default_factory=dict)
    replicas: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    socket: str = ""
    cluster: str = ""

    @property
    def replication(self) -> int:
        """Replicas of every topic: as many as brokers, at most three."""
        return min(3, self.brokers)


def write_atomically(path: Path, content: str, mode: int = 0o644) -> None:
    """Replace a file's content so that a reader, or a crash, sees the old or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


class Home:
    """Paths of one stack's home folder, and its description in `stack.json`."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).expanduser().resolve()
        self.file = self.path / "stack.json"
        self.mongo = self.path / "mongo"
        self.logs = self.path / "logs"
        self.run = self.path / "run"
        self.keys = self.path / "keys"
        self.metrics = self.path / "metrics"
        self.imports = self.path / "imports"

    def create(self) -> None:
        """Make the folders that are missing; keys and run are for the owner alone."""
        for folder in (self.broker("kafka"), self.mongo, self.logs, self.metrics, self.imports):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.run, self.keys):
            folder.mkdir(mode=0o700, exist_ok=True)

    def exists(self) -> bool:
        """Whether a stack was ever started here."""
        return self.file.exists()

    def load(self) -> Stack:
        """The stack described here; a new one with the defaults where none was ever started.

        Raises:
            StackError: the file is damaged or was written by another version.
        """
        try:
            content = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Stack()
        except (OSError, ValueError) as error:
            raise StackError(f"{self.file} cannot be read ({error}); restore it or choose another --home") from error
        known = {item.name for item in fields(Stack)}
        if not isinstance(content, dict) or not set(content) <= known:
            raise StackError(f"{self.file} was written by another version of motcua; choose another --home")
        content.setdefault("entry_cap", CAP_OF_BEFORE)
        return Stack(**content)

    def save(self, stack: Stack) -> None:
        """Write the description atomically."""
        write_atomically(self.file, json.dumps(asdict(stack), indent=2, sort_keys=True) + "\n")

    def broker(self, name: str) -> Path:
        """Data folder of a broker."""
        return self.path / name

    def log(self, name: str) -> Path:
        """Log file of a process."""
        return self.logs / f"{name}.log"

    def log_tail(self, name: str, lines: int = 15) -> str:
        """Last lines of a process's log, or nothing."""
        try:
            with self.log(name).open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - 16_384))
                text = file.read().decode("utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def pid_file(self, name: str) -> Path:
        """File that records which process has this name."""
        return self.run / f"{name}.pid.json"

    def socket_path(self) -> Path:
        """Where the supervisor listens: in the home, else (path too long) in a private temporary folder."""
        inside = self.run / "supervisor.sock"
        if len(os.fsencode(inside)) <= _LONGEST_SOCKET_PATH:
            return inside
        mark = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        return Path(tempfile.mkdtemp(prefix=f"motcua-{mark}-")) / "supervisor.sock"
