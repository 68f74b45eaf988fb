"""Apache Kafka's jars and class-data archive under `.tools`, made once per checkout and shared by all stacks.

Resolves by Maven what pom.xml names. Run as a module it prepares the broker: `python -m deploy.local.backends.jars`.
"""

from __future__ import annotations

import contextlib
import fcntl
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.local import ports
from deploy.local.backends import kafka
from deploy.local.backends.prerequisites import require_java, require_maven
from deploy.local.errors import StackError

__all__ = ["ROOT", "TOOLS", "kafka_version", "prepare"]

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / ".tools"
POM = Path(__file__).parent / "kafka" / "pom.xml"

_MAVEN_SECONDS = 900
_ARCHIVE_SECONDS = 60


def kafka_version() -> str:
    """Version of the broker, as pom.xml pins it."""
    found = re.search(r"<kafka\.version>([^<]+)</kafka\.version>", POM.read_text(encoding="utf-8"))
    if found is None:
        raise StackError(f"{POM}: property kafka.version is missing")
    return found.group(1)


def prepare(progress: Callable[[str], None]) -> kafka.Distribution:
    """The broker, ready to start: Java is there, its jars and its class-data archive are made if they were missing.

    Args:
        progress: told, in a few words, of each step that takes time.

    Raises:
        MissingToolError: Java or Maven is missing.
        StackError: the jars could not be resolved.
    """
    distribution = kafka.Distribution(require_java(), TOOLS / f"kafka-{kafka_version()}")
    TOOLS.mkdir(exist_ok=True)
    with _alone():
        if not distribution.complete():
            progress(f"resolving Apache Kafka {kafka_version()} (once, about 45 MB)")
            _resolve(distribution)
        refused = distribution.archive.with_suffix(".refused")
        if not distribution.archive.exists() and not refused.exists():
            progress("making the broker's class-data archive (once, a few seconds)")
            try:
                _make_archive(distribution)
            except (OSError, StackError, subprocess.SubprocessError) as error:
                progress(f"no class-data archive ({error}): the broker starts a second slower")
                refused.write_text(f"{error}\n", encoding="utf-8")
    return distribution


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of `.tools`, so that two stacks starting at once do the work once."""
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _resolve(distribution: kafka.Distribution) -> None:
    """Copy the jars to a temporary folder first: a `libs` folder that exists is complete."""
    maven = require_maven()
    distribution.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=distribution.folder) as scratch:
        libs = Path(scratch) / "libs"
        answer = subprocess.run(
            [
                maven,
                "--batch-mode",
                "--quiet",
                f"--file={POM}",
                "dependency:copy-dependencies",
                "-DincludeScope=runtime",
                f"-DoutputDirectory={libs}",
            ],
            capture_output=True,
            text=True,
            timeout=_MAVEN_SECONDS,
            check=False,
        )
        if answer.returncode != 0:
            raise StackError(
                "Maven could not resolve Apache Kafka: check the network and Maven's settings, then run `make kafka`",
                log=(answer.stdout + answer.stderr)[-4_000:],
            )
        shutil.rmtree(distribution.libs, ignore_errors=True)
        libs.rename(distribution.libs)


def _make_archive(distribution: kafka.Distribution) -> None:
    """Run a throw-away broker once and keep the classes it loaded. A failure costs a second per start, no more."""
    with tempfile.TemporaryDirectory(dir=distribution.folder) as scratch:
        data = Path(scratch)
        chosen = ports.assign({"kafka": 28_092, "controller": 28_192}, {})
        broker = kafka.Broker(distribution, data, chosen["kafka"], chosen["controller"])
        broker.format()
        fresh = data / "fresh.jsa"
        with (data / "output").open("wb") as log:
            process = subprocess.Popen(
                broker.command(f"-XX:ArchiveClassesAtExit={fresh}"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                deadline = time.monotonic() + _ARCHIVE_SECONDS
                while not ports.answers(chosen["kafka"]):
                    if process.poll() is not None or time.monotonic() > deadline:
                        raise StackError("the broker did not start")
                    time.sleep(0.1)
                time.sleep(1)
                process.terminate()
                process.wait(timeout=_ARCHIVE_SECONDS)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        fresh.rename(distribution.archive)


def main() -> int:
    """Prepare the broker and say where it is."""
    try:
        distribution = prepare(lambda step: print(f"  {step}", flush=True))
    except StackError as error:
        print(f"{error.message}\n{error.log}".rstrip(), file=sys.stderr)
        return 1
    print(f"  Apache Kafka {kafka_version()}: {distribution.libs.relative_to(ROOT)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
