"""The compose files give each service the keys that `motcua key --folder keys` makes for it, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local import keys
from docs.generate.settings import PROGRAMS
from tests.unit.deploy.image.compose import FILES, ROOT, defaults, environment, module, services, small

SERVICES = services()
SMALL = small()


def test_the_keys_file_is_the_one_that_intake_reads() -> None:
    assert environment(SERVICES["intake"])["MOTCUA_KEYS_FILE"] == "/run/secrets/motcua_keys"
    assert SERVICES["intake"]["secrets"] == ["motcua_keys"]
    assert defaults()["KEYS_FILE"] == "./keys/keys.json"


@pytest.mark.parametrize("stack", [SERVICES, SMALL], ids=FILES)
def test_each_service_that_asks_others_has_a_key_of_its_own(stack: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    asking = {run for run, settings in PROGRAMS.items() if "service_key_file" in settings.model_fields}
    assert asking == {f"services.{kind}" for kind in keys.ASKING}
    declared = yaml.safe_load((ROOT / FILES[0]).read_text(encoding="utf-8"))["secrets"]
    folder = tmp_path / "keys"
    keys.fill_folder(folder)
    made = {f"./keys/{path.name}" for path in folder.iterdir()}
    files = {re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", one["file"]) for one in declared.values()}
    assert files == made, "what `motcua key --folder keys` makes is what compose reads"
    for name, service in stack.items():
        kind = (module(service) or "").removeprefix("services.")
        if kind in keys.ASKING:
            given = environment(service)
            assert given["MOTCUA_INTAKE"] == "http://intake:8801"
            assert service["secrets"] == [f"motcua_{kind}_key"], name
            assert given["MOTCUA_SERVICE_KEY_FILE"] == f"/run/secrets/motcua_{kind}_key"
            assert f"{keys.of_service(kind)}.key" in declared[f"motcua_{kind}_key"]["file"]
        elif kind != "intake":
            assert "secrets" not in service, "a key is for whom it is made for alone"
