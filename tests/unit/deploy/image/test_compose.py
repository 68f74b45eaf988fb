"""The compose files fit the code: settings, modules, versions, ports, guarantees, and the stack that tests start."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from deploy.local import children
from deploy.local.backends.jars import kafka_version
from deploy.local.backends.kafka import Broker, Distribution
from deploy.local.home import Stack
from docs.generate.settings import PROGRAMS, variable
from motcua.cli.addresses import CommandSettings
from shared.settings import ServiceSettings
from shared.upkeep import checking
from tests.unit.deploy.image.compose import FILES, ROOT, defaults, environment, module, services, small

SERVICES = services()
SMALL = small()
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
RUN = {name: service for name, service in OURS.items() if module(service)}
REPLICAS = {name: service for name, service in RUN.items() if "MOTCUA_PORT" in environment(service)}
BROKERS = {name: one for name, one in SERVICES.items() if one["image"].startswith("apache/kafka:")}
MEMBERS = {name: one for name, one in SERVICES.items() if one["image"].startswith("mongo:") and "command" in one}
#: Jobs that end, by what waits for their end.
JOBS = ("topics", "mongo-set")
#: What differs between machines and nodes, and says nothing of what is kept.
OF_PLACES = {
    "KAFKA_NODE_ID",
    "KAFKA_LISTENERS",
    "KAFKA_ADVERTISED_LISTENERS",
    "KAFKA_CONTROLLER_QUORUM_VOTERS",
    "KAFKA_LOG_DIRS",
    "KAFKA_HEAP_OPTS",
    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
}
GUARANTEE = re.compile(r"replication\.factor|min\.isr|insync|unclean|auto\.create|timeout\.ms|heartbeat|lag\.time")


def _options(service: dict[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in service["environment"].items()
        if name.startswith("KAFKA_") and name not in OF_PLACES
    }


def _local_options(folder: Path, nodes: int) -> dict[str, str]:
    controllers = tuple(range(1, nodes + 1)) if nodes > 1 else ()
    Broker(Distribution("java", folder), folder, 9092, 9093, 1, controllers).configure()
    lines = (folder / "server.properties").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_every_program_of_the_image_is_run() -> None:
    assert {module(service) for service in RUN.values()} == set(PROGRAMS)


@pytest.mark.parametrize("name", sorted(RUN))
def test_command_is_a_module_that_can_be_run(name: str) -> None:
    run = module(RUN[name])
    assert run is not None
    spec = importlib.util.find_spec(run)
    assert spec is not None
    if spec.submodule_search_locations is not None:
        assert importlib.util.find_spec(f"{run}.__main__") is not None
    else:
        assert spec.origin is not None
        assert '__name__ == "__main__"' in Path(spec.origin).read_text(encoding="utf-8")


@pytest.mark.parametrize("small_one", [False, True])
@pytest.mark.parametrize("name", sorted(RUN))
def test_every_variable_is_a_setting_with_an_allowed_value(
    name: str, small_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = SMALL.get(name, RUN[name]) if small_one else RUN[name]
    settings = PROGRAMS[module(service) or ""]
    given = environment(service)
    assert set(given) - {variable(field) for field in settings.model_fields} == set()
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    read = settings()
    for field in settings.model_fields:
        if variable(field) in given:
            assert str(getattr(read, field)).lower() == given[variable(field)].lower()


@pytest.mark.parametrize("stack", [SERVICES, SMALL], ids=FILES)
def test_tools_know_every_replica(stack: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment(stack["tools"])
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    known = {variable(field) for field in CommandSettings.model_fields} | {"MOTCUA_HOME", "MOTCUA_LANG"}
    assert set(given) - known == set()
    settings = CommandSettings()
    assert settings.named("intake")
    wanted: dict[str, list[str]] = {"intake": [], "processing": [], "metrics": []}
    for name, service in stack.items():
        kind = (module(service) or "").removeprefix("services.")
        if kind in wanted:
            wanted[kind].append(f"http://{name}:{environment(service)['MOTCUA_PORT']}")
    assert settings.urls() == wanted
    of_services = environment(stack["processing"])
    assert {name: given[name] for name in set(given) & set(of_services) - {"MOTCUA_INTAKE", "MOTCUA_PROCESSING"}} == {
        name: of_services[name] for name in set(given) & set(of_services) - {"MOTCUA_INTAKE", "MOTCUA_PROCESSING"}
    }
    assert stack["tools"]["profiles"] == ["tools"]


def test_a_replica_has_the_settings_of_the_first_and_a_port_and_images_of_its_own() -> None:
    for kind in ("processing", "metrics"):
        names = children.replica_names(kind, 2)
        first, second = (SERVICES[name] for name in names)
        assert environment(first) == environment(second)
        assert first["ports"] != second["ports"]
        assert {key: value for key, value in first.items() if key not in ("ports", "volumes")} == {
            key: value for key, value in second.items() if key not in ("ports", "volumes")
        }
    volumes = [SERVICES[name]["volumes"] for name in ("metrics", "metrics-2")]
    assert volumes[0] != volumes[1]
    assert {one.partition(":")[2] for pair in volumes for one in pair} == {
        environment(SERVICES["metrics"])["MOTCUA_IMAGE_DIR"]
    }


def test_no_two_publish_a_port_and_all_do_so_on_this_machine_only() -> None:
    published: list[str] = []
    for name, service in SERVICES.items():
        for line in service.get("ports", []):
            host, outside, inside = line.split(":")
            assert host == "127.0.0.1"
            published.append(outside)
            if name in REPLICAS:
                assert inside == environment(service)["MOTCUA_PORT"]
    assert sorted(set(published)) == sorted(published)
    assert {name for name, service in SERVICES.items() if "ports" in service} == {*REPLICAS, "prometheus"}
    # The same as those of a stack that `motcua up --replicas 2` starts.
    local = children.preferred_ports(Stack().services, {"processing": 2, "metrics": 2})
    assert {name: SERVICES[name]["ports"][0].split(":")[1] for name in REPLICAS} == {
        name: str(local[name]) for name in REPLICAS
    }


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_container_runs_with_few_rights_and_little_to_write_to(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged", False)
    assert not str(service.get("user", "10001")).startswith("0")
    # Databases keep what they are told in volumes that have names.
    volumes = [one for one in service.get("volumes", []) if not one.startswith(("./", "${"))]
    declared = yaml.safe_load((ROOT / FILES[0]).read_text(encoding="utf-8"))["volumes"]
    assert {one.partition(":")[0] for one in volumes} <= set(declared)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {*JOBS, "tools"}))
def test_what_stays_up_has_a_health_check_a_limit_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert re.fullmatch(r"\d+[mg]", str(service["mem_limit"]))
    check = service["healthcheck"]
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)
    text = " ".join(check["test"])
    if name in REPLICAS:
        assert text == f"CMD python -m {checking.__name__}"
        assert service["init"], "the check could not end process 1"
        longest = 2 * checking.GRACE_SECONDS + checking.ASK_SECONDS
        assert int(check["timeout"].removesuffix("s")) > longest, "it must not be ended while it ends the service"
        stop = ServiceSettings.model_fields["stop_seconds"].default
        assert int(service["stop_grace_period"].removesuffix("s")) > stop, "it leaves by itself first, and says why"
    assert re.fullmatch(r"\d+s", service["stop_grace_period"])


@pytest.mark.parametrize("stack", [SERVICES, SMALL], ids=FILES)
def test_the_start_is_in_order_of_health(stack: dict[str, dict[str, Any]]) -> None:
    for name, service in stack.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in stack, f"{name} waits for {other}, which does not run"
            healthy = "service_completed_successfully" if other in JOBS else "service_healthy"
            assert how == {"condition": healthy}
    assert set(stack["topics"]["depends_on"]) == set(BROKERS) & set(stack)
    assert set(stack["mongo-set"]["depends_on"]) == set(MEMBERS) & set(stack)
    for name in set(REPLICAS) & set(stack):
        assert set(JOBS) <= set(stack[name]["depends_on"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_image_has_a_pinned_version(name: str) -> None:
    tag = SERVICES[name]["image"].partition(":")[2]
    assert re.fullmatch(r"v?\d+(\.\d+)+", tag), f"{SERVICES[name]['image']}: name a version"


def test_brokers_are_those_that_tests_start(tmp_path: Path) -> None:
    assert {one["image"] for one in BROKERS.values()} == {f"apache/kafka:{kafka_version()}"}
    assert list(BROKERS) == children.broker_names(Stack(brokers=3))
    local = _local_options(tmp_path, 3)
    for broker in BROKERS.values():
        options = _options(broker)
        assert options == {name: local.get(name) for name in options}
        assert {name for name in local if GUARANTEE.search(name)} <= set(options)


def test_the_small_broker_is_the_one_of_a_local_stack(tmp_path: Path) -> None:
    local = _local_options(tmp_path, 1)
    options = _options(SMALL["kafka"])
    assert options == {name: local.get(name) for name in options}
    assert SMALL["kafka"]["environment"]["KAFKA_CONTROLLER_QUORUM_VOTERS"] == "1@kafka:9093"


def test_brokers_are_one_cluster_of_three_controllers() -> None:
    for number, (name, broker) in enumerate(BROKERS.items(), start=1):
        given = broker["environment"]
        assert given["KAFKA_NODE_ID"] == str(number)
        assert given["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://{name}:9092"
        assert f"{number}@{name}:9093" in given["KAFKA_CONTROLLER_QUORUM_VOTERS"].split(",")
        assert len(given["KAFKA_CONTROLLER_QUORUM_VOTERS"].split(",")) == len(BROKERS) == 3
    for same in ("CLUSTER_ID", "KAFKA_CONTROLLER_QUORUM_VOTERS"):
        assert len({broker["environment"][same] for broker in BROKERS.values()}) == 1


@pytest.mark.parametrize("stack", [SERVICES, SMALL], ids=FILES)
def test_services_reach_all_brokers_and_members(stack: dict[str, dict[str, Any]]) -> None:
    brokers = [name for name in BROKERS if name in stack]
    members = [f"{name}:27017" for name in MEMBERS if name in stack]
    assert stack["mongo-set"]["environment"]["MEMBERS"] == ",".join(members)
    for name in {*RUN, "tools"} & set(stack):
        given = environment(stack[name])
        assert given["MOTCUA_KAFKA"] == ",".join(f"{broker}:9092" for broker in brokers)
        mongo = urlsplit(given["MOTCUA_MONGO"])
        assert mongo.netloc == ",".join(members)
        # Written counts when a majority has it on disk.
        assert set(mongo.query.split("&")) == {"replicaSet=motcua", "w=majority", "journal=true"}
        if "MOTCUA_REPLICATION" in given:
            assert given["MOTCUA_REPLICATION"] == str(len(brokers))
    replicated = {module(RUN[name]) for name in RUN if "MOTCUA_REPLICATION" in environment(RUN[name])}
    assert replicated == {run for run, settings in PROGRAMS.items() if "replication" in settings.model_fields}


@pytest.mark.parametrize("member", sorted(MEMBERS))
def test_members_are_of_the_set_that_is_made(member: str) -> None:
    script = (ROOT / "deploy/image/mongo-set.js").read_text(encoding="utf-8")
    assert MEMBERS[member]["command"][:2] == ["--replSet", "motcua"]
    assert '_id: "motcua"' in script
    assert "./deploy/image/mongo-set.js:/mongo-set.js:ro" in SERVICES["mongo-set"]["volumes"]


def test_image_is_named_by_the_projects_version() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert found is not None
    assert {service["image"] for service in OURS.values()} == {f"motcua:{found[1]}"}


def test_example_of_variables_names_all_with_their_defaults() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    # Facts go by it: a composition whose variables were copied before it was one goes on with what it had.
    assert given.pop("MOTCUA_ENTRY_CAP") == "1000"
    assert given | {"MOTCUA_ENTRY_CAP": "2000"} == defaults()


def test_keys_and_variables_of_users_are_never_committed_or_copied() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"keys.json", "/keys/", ".env", "/files/"} <= set(ignored)
    assert "*" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("count", [1, 2])
def test_docker_composes_own_reading_agrees(count: int, tmp_path: Path) -> None:
    words = ["docker", "compose", *(word for name in FILES[:count] for word in ("-f", str(ROOT / name)))]
    try:
        known = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        known = False
    if not known:
        pytest.skip("docker compose is not here; its schema and the tests of this file are the check")
    done = subprocess.run(
        [*words, "--profile", "tools", "--env-file", str(ROOT / ".env.example"), "config"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["services"]) == set(SERVICES if count == 1 else SMALL)
