"""The health check of a container: `python -m shared.upkeep.checking` asks its service, and ends it if it hangs.

A container's runtime starts again what ended, and leaves alone what it merely calls unhealthy. So what does not answer
for as long as MOTCUA_PATIENCE_SECONDS says is ended here: by request, and by force where that is not obeyed. It
must not be process 1 of its container (`init: true`), which the kernel protects from signals of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.upkeep.vigil import Answer, Vigil, answer_of

__all__ = ["ASK_SECONDS", "GRACE_SECONDS", "ask", "check", "main"]

ASK_SECONDS: Final = 3.0
GRACE_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.2
_DEFAULT_PATIENCE: Final = 30.0
_SERVICES: Final = b"services."


def main() -> int:
    """0 while the service says that it is well."""
    patience = float(os.environ.get("MOTCUA_PATIENCE_SECONDS") or _DEFAULT_PATIENCE)
    answer = ask(int(os.environ["MOTCUA_PORT"]))
    notes = Path(tempfile.gettempdir()) / "motcua-health.json"
    return check(notes, patience, answer, list(_processes()), time.monotonic())


def ask(port: int) -> Answer:
    """What the service at a port of this machine says of itself."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=ASK_SECONDS) as answer:
            return answer_of(answer.status, answer.read(100).decode(errors="replace"))
    except urllib.error.HTTPError as error:
        return answer_of(error.code, "")
    except OSError:
        return "silent"


def check(notes: Path, patience: float, answer: Answer, processes: list[int], now: float) -> int:
    """Take note of an answer, and end the processes if patience is at its end; the exit status.

    Args:
        notes: what was seen before lies here.
        patience: seconds; 0: never.
        answer: what the service said now.
        processes: the service's.
        now: seconds of a clock that all checks share and that never goes back.
    """
    vigil = Vigil(patience)
    with contextlib.suppress(OSError, ValueError, TypeError):
        vigil = Vigil(**(json.loads(notes.read_text(encoding="utf-8")) | {"patience": patience}))
    if vigil.look(now, answer):
        sys.stdout.write(f"not well for {vigil.ill:.0f} s ({answer}): ended\n")
        _end(processes)
        vigil = Vigil(patience)
    with contextlib.suppress(OSError):
        notes.write_text(json.dumps(vigil.kept()), encoding="utf-8")
    return 0 if answer in ("ok", "loading") or (answer == "silent" and vigil.loading) else 1


def _processes() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) not in (1, os.getpid()):
            with contextlib.suppress(OSError):
                if any(part.startswith(_SERVICES) for part in (entry / "cmdline").read_bytes().split(b"\0")):
                    yield int(entry.name)


def _end(processes: list[int]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        deadline = time.monotonic() + GRACE_SECONDS
        while any(map(_runs, processes)) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)


def _runs(process: int) -> bool:
    try:
        state = (
            Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        )
    except OSError:
        return False
    return state not in "ZX"


if __name__ == "__main__":
    sys.exit(main())
