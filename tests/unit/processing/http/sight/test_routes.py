"""Questions about a dossier and its entries with keys of its units, of others, of an auditor, and none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import pytest_asyncio

from services.processing.app import make_app
from services.processing.cases import Case, CaseState, dossier_case, petition_case
from services.processing.engine import Reference
from services.processing.settings import ProcessingSettings
from services.processing.states.layers import HeldState
from shared.access.bearer import Bearer
from tests.keyring import asking, hold_keys, key_of
from tests.unit.processing.http.sight.test_concerned import (
    CODE,
    OFFICER,
    RECEIVED,
    ROUTE,
    later,
    petition,
    receipt,
    state_of,
)
from tests.unit.processing.stream.build import REFERENCE

BEARERS = (
    Bearer("unit", units=("H29.1",), roles=OFFICER),
    Bearer("above", units=("H29",), roles=OFFICER),
    Bearer("step", units=("H29.2",), roles=OFFICER),
    Bearer("former", units=("H29.4",), roles=OFFICER),
    Bearer("other", units=("H29.3",), roles=OFFICER),
    Bearer("petitioned", units=("H29.7",), roles=OFFICER),
    Bearer("one-stop", sources=("test",), units=("H29.9",), roles=frozenset({"agency"})),
    Bearer("auditor", roles=frozenset({"auditor"})),
    Bearer("rules", units=("*",), roles=frozenset({"reference"})),
)
SEES = ("unit", "above", "step", "former", "auditor")
SEES_NOT = ("other", "petitioned", "one-stop")
ABOUT = ("", "/slip", "/apology")


@pytest_asyncio.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(ProcessingSettings())
    hold_keys(app, *BEARERS)
    told = receipt(route=ROUTE, unit="H29.4")
    moved = later("m", "dossier.handed_over", 2, unit="H29.1")
    states: dict[Callable[[str], Case], CaseState] = {
        dossier_case: state_of(told, moved, RECEIVED),
        petition_case: state_of(petition("p", "received", 4, "H29.7", sender="portal")),
    }

    async def find(code: str, case: Callable[[str], Case] = dossier_case) -> HeldState | None:
        return HeldState(states[case], 900, stored=True) if code == CODE and case in states else None

    async def judged_by(_held: HeldState) -> tuple[Reference, int | None]:
        return REFERENCE, None

    async def dossiers_with(source: str, _id: str) -> list[str]:
        return [CODE] if source == "test" else []

    for name, stand_in in (("find", find), ("judged_by", judged_by), ("dossiers_with", dossiers_with)):
        monkeypatch.setattr(app.state.service, name, stand_in)
    async with asking(app, {"Accept-Language": "en"}) as made:
        yield made


@pytest.mark.parametrize("part", ABOUT)
async def test_a_dossier_is_told_to_who_reads_one_of_its_units(client: httpx.AsyncClient, part: str) -> None:
    for who in SEES:
        answer = await client.get(f"/v1/dossiers/{CODE}{part}", headers=key_of(who))
        assert answer.status_code == 200 or answer.json()["code"] == "apology_before_clock", answer.text
    for who in SEES_NOT:
        there, absent = [
            (await client.get(f"/v1/dossiers/{code}{part}", headers=key_of(who))).json()
            for code in (CODE, "absent")
        ]  # fmt: skip
        assert (there["status"], there["code"]) == (404, "dossier_unknown_or_hidden")
        assert there["units"] == next(list(bearer.units) for bearer in BEARERS if bearer.name == who)
        for told in (there, absent):
            told["detail"] = told["detail"].replace(f"the code {told.pop('value')} is", "the code … is")
            told.pop("instance", None)
        assert there == absent, "nobody learns by trying codes what others have"
    nothing = await client.get(f"/v1/dossiers/absent{part}", headers=key_of("auditor"))
    assert nothing.json()["code"] == "dossier_not_known"


@pytest.mark.parametrize("path", [*(f"/v1/dossiers/{CODE}{part}" for part in ABOUT), "/v1/entries/test/a"])
async def test_nothing_is_told_without_a_key_or_without_the_right(client: httpx.AsyncClient, path: str) -> None:
    for headers, wanted in (
        ({}, (401, "key_missing")),
        (key_of("forged"), (401, "key_unknown")),
        (key_of("rules"), (403, "right_missing")),
    ):
        refused = await client.get(path, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == wanted


async def test_an_entry_is_told_to_its_sender_and_to_who_sees_the_dossier_or_the_petition(
    client: httpx.AsyncClient,
) -> None:
    async def told(who: str, id_: str) -> list[bool]:
        """Of the entries found: whether the due date is told."""
        answer = await client.get(f"/v1/entries/test/{id_}", headers=key_of(who))
        if answer.status_code == 404:
            assert answer.json()["code"] == "entry_not_known"
            return []
        return [one["due"] is not None for one in answer.json()["entries"]]

    for who in SEES:
        assert await told(who, "a") == [True]
        assert await told(who, "p") == [False], "of the old form: it stands under the dossier, and is due never"
    assert await told("one-stop", "a") == [False], "its own entry, but not the due date of another's dossier"
    assert await told("one-stop", "p") == []
    assert await told("petitioned", "a") == []
    assert await told("petitioned", "p") == [False]
    assert await told("other", "a") == await told("other", "p") == []
