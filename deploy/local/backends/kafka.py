"""The brokers of a local stack: KRaft nodes, broker and controller in one process, tuned to start in a second.

Knows Kafka's options and command lines; resolving the jars and keeping the process alive are others' work.
"""

from __future__ import annotations

import subprocess
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.ports import HOST

__all__ = ["Broker", "Distribution", "new_cluster"]

_LOG_SETTINGS = Path(__file__).parent / "kafka" / "log4j2.yaml"
_FORMAT_SECONDS = 60

#: Small heap, simplest collector and first compiler tier: a quick start counts here, not peak throughput.
_JAVA_OPTIONS = (
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "-Djava.awt.headless=true",
)

_OPTIONS: dict[str, str] = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    # A topic that nobody declared is a mistake, not a topic.
    "auto.create.topics.enable": "false",
    "unclean.leader.election.enable": "false",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    # The first member of a group need not wait for others.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # A broker killed and started again is taken back at once.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "controller.quorum.election.timeout.ms": "500",
    "controller.quorum.fetch.timeout.ms": "1000",
    # A follower that hangs must not hold up every acknowledgement for long.
    "replica.lag.time.max.ms": "5000",
    # Index files are preallocated: 10 MB for each partition by default.
    "log.segment.bytes": str(64 * 1024 * 1024),
    "log.index.size.max.bytes": str(1024 * 1024),
    # The cleaner's map is 128 MB by default, half the heap.
    "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
    "num.network.threads": "2",
    "num.io.threads": "4",
    "num.recovery.threads.per.data.dir": "2",
    "controlled.shutdown.max.retries": "1",
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """Java and the folder of one Kafka version: `libs` and the class-data archive.

    Args:
        java: path of the Java executable.
        folder: `.tools/kafka-<version>` of the checkout.
    """

    java: str
    folder: Path

    @property
    def libs(self) -> Path:
        """Folder of the jars."""
        return self.folder / "libs"

    @property
    def archive(self) -> Path:
        """Class-data archive: halves the start; every start works without it."""
        return self.folder / "broker.jsa"

    def complete(self) -> bool:
        """Whether the jars are there."""
        return any(self.libs.glob("kafka_*.jar")) and any(self.libs.glob("log4j-slf4j-impl-*.jar"))


def new_cluster() -> str:
    """A random identity for a Kafka cluster."""
    return urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")


def _kept_by(replicas: int) -> dict[str, str]:
    """How many brokers hold what is written, and how many must have it before it counts: all but one."""
    most, least = str(replicas), str(max(1, replicas - 1))
    return {
        "default.replication.factor": most,
        "min.insync.replicas": least,
        "offsets.topic.replication.factor": most,
        "transaction.state.log.replication.factor": most,
        "transaction.state.log.min.isr": least,
        "share.coordinator.state.topic.replication.factor": most,
        "share.coordinator.state.topic.min.isr": least,
    }


@dataclass(frozen=True, slots=True)
class Broker:
    """One broker with its data folder and its two ports (clients, controller).

    Args:
        distribution: Java and jars.
        data: its folder.
        port: for clients.
        controller_port: for the other controllers.
        node: its number in the cluster, from 1.
        controllers: controller ports of all nodes, in order of their numbers; none: it is the only one.
        cluster: identity of the cluster; none: one of its own.
    """

    distribution: Distribution
    data: Path
    port: int
    controller_port: int
    node: int = 1
    controllers: tuple[int, ...] = ()
    cluster: str = ""

    @property
    def address(self) -> str:
        """Address for clients."""
        return f"{HOST}:{self.port}"

    @property
    def _settings(self) -> Path:
        return self.data / "server.properties"

    def configure(self) -> None:
        """Write the broker's settings; they follow the ports, so they are written anew at every start."""
        self.data.mkdir(parents=True, exist_ok=True)
        controllers = self.controllers or (self.controller_port,)
        voters = ",".join(f"{node}@{HOST}:{port}" for node, port in enumerate(controllers, start=1))
        options = (
            _OPTIONS
            | _kept_by(min(3, len(controllers)))
            | {
                "node.id": str(self.node),
                "listeners": f"PLAINTEXT://{self.address},CONTROLLER://{HOST}:{self.controller_port}",
                "advertised.listeners": f"PLAINTEXT://{self.address}",
                "controller.quorum.voters": voters,
                "log.dirs": str(self.data / "log"),
            }
        )
        self._settings.write_text("".join(f"{key}={value}\n" for key, value in options.items()), encoding="utf-8")

    def format(self) -> None:
        """Prepare the data folder at the first start; later it is left as it is.

        Raises:
            StackError: Kafka refused, with what it said.
        """
        self.configure()
        if (self.data / "log" / "meta.properties").exists():
            return
        cluster = self.cluster or new_cluster()
        answer = subprocess.run(
            [
                *self._java(*self._shared()),
                "kafka.tools.StorageTool",
                "format",
                f"--cluster-id={cluster}",
                f"--config={self._settings}",
            ],
            capture_output=True,
            text=True,
            timeout=_FORMAT_SECONDS,
            check=False,
        )
        if answer.returncode != 0:
            raise StackError(
                "Kafka could not format its data folder: see below", (answer.stdout + answer.stderr)[-4_000:]
            )

    def command(self, *java_options: str) -> list[str]:
        """Command line of the broker without the archive."""
        return [*self._java(*java_options), "kafka.Kafka", str(self._settings)]

    def quick_command(self) -> list[str]:
        """Command line with the class-data archive where there is one."""
        return self.command(*self._shared())

    def _shared(self) -> tuple[str, ...]:
        archive = self.distribution.archive
        return ("-Xshare:auto", f"-XX:SharedArchiveFile={archive}") if archive.exists() else ()

    def _java(self, *java_options: str) -> list[str]:
        # The jars are named one by one and in order: an archive is only valid for the same class path.
        jars = ":".join(str(jar) for jar in sorted(self.distribution.libs.glob("*.jar")))
        return [
            self.distribution.java,
            *_JAVA_OPTIONS,
            f"-XX:ErrorFile={self.data}/crash-%p.log",
            f"-Dlog4j2.configurationFile={_LOG_SETTINGS}",
            *java_options,
            "-cp",
            jars,
        ]
