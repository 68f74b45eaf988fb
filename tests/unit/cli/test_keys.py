"""`motcua key`: what intake reads on standard output, the key itself on the other, and nothing kept."""

from __future__ import annotations

import contextlib
import io

from deploy.cli.main import main
from deploy.local import keys
from services.intake.senders import KEYS_FILE
from shared.access.keys import hash_key


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
