"""`motcua key`: what intake reads on standard output, the key itself on the other, and nothing kept."""

from __future__ import annotations

import contextlib
import io
import json
import stat
from pathlib import Path

import pytest

from deploy.local import keys
from motcua.cli.main import main
from services.intake.senders.sender import KEYS_FILE
from shared.access.keys import hash_key
from shared.access.rights import ROLES, Role, rights_of


def run(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["key", "--lang", "en", *words])
    return code, out.getvalue(), err.getvalue()


def test_intake_knows_the_key_that_was_shown() -> None:
    code, out, err = run()
    (sender,) = KEYS_FILE.validate_json(out)
    shown = err.split()[-1]
    assert code == 0
    assert sender.hash == hash_key(shown)
    assert shown not in out
    assert (sender.sender, set(sender.roles)) == ("admin", {*keys.ROLES, keys.ADMIN})
    assert run()[1] != out


def test_a_sender_may_be_given_less() -> None:
    _, out, _ = run(
        "--sender", "q1", "--source", "one-stop/q1", "--unit", "hcm.q1", "--unit", "hcm.q3", "--role", "sender"
    )
    (sender,) = KEYS_FILE.validate_json(out)
    assert (sender.sender, list(sender.sources), list(sender.units), list(sender.roles)) == (
        "q1",
        ["one-stop/q1"],
        ["hcm.q1", "hcm.q3"],
        ["sender"],
    )


def test_an_unknown_role_is_refused() -> None:
    code, out, err = run("--role", "king")
    assert (code, out) == (2, "")
    assert "king" in err


def test_a_key_of_more_units_than_an_entry_carries_is_refused() -> None:
    units = [word for number in range(33) for word in ("--unit", f"H44.{number:02}")]
    code, out, err = run(*units)
    assert (code, out) == (2, "")
    assert "33 patterns of units needed, 32 at most" in err
    assert "H44.*" in err
    code, out, _ = run(*units, "--unit", "H44.0*")
    (sender,) = KEYS_FILE.validate_json(out)
    assert (code, len(sender.units)) == (0, 34), "those that another covers take no room"


@pytest.mark.parametrize("role", list(ROLES))
def test_every_role_can_be_given_and_its_rights_are_shown(role: Role) -> None:
    code, out, err = run("--role", role)
    (sender,) = KEYS_FILE.validate_json(out)
    assert (code, list(sender.roles)) == (0, [role])
    assert ", ".join(sorted(rights_of(frozenset({role})))) in " ".join(err.split())


def test_a_folder_gets_all_that_compose_needs_and_keeps_what_it_has(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    code, out, err = run("--folder", str(folder))
    assert (code, out) == (0, "")
    known = {one.sender: one for one in KEYS_FILE.validate_json((folder / "keys.json").read_bytes())}
    assert known["admin"].hash == hash_key(err.split()[-1])
    for kind in keys.ASKING:
        name = keys.of_service(kind)
        assert known[name].hash == hash_key((folder / f"{name}.key").read_text().strip())
        assert list(known[name].roles) == ["service"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = {path.name: path.read_text() for path in folder.iterdir()}
    code, _, err = run("--folder", str(folder))
    assert (code, "mc_" in err) == (0, False)
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def test_a_file_of_before_gets_the_services_keys_beside_its_own(tmp_path: Path) -> None:
    _, out, _ = run()
    (tmp_path / "keys.json").write_text(out)
    assert run("--folder", str(tmp_path))[0] == 0
    known = json.loads((tmp_path / "keys.json").read_text())
    assert known[:1] == json.loads(out)
    assert [one["sender"] for one in known] == ["admin", "service-processing", "service-metrics"]


def test_a_folder_that_cannot_be_filled_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    code, _, err = run("--folder", str(tmp_path))
    assert code == 1
    assert "mkdir -m 700" in " ".join(err.split())
    assert run("--folder", str(tmp_path), "--role", "officer")[0] == 2
