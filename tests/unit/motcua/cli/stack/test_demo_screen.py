"""The demo's screen and its line for a log: figures, the month's bottleneck, and a dossier to look at."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import httpx
import pytest
from rich.console import Console

from deploy.local import keys
from deploy.local.home import Home, Stack
from deploy.local.stack import LocalStack
from motcua.cli.session import Session
from motcua.cli.stack.demo_figures import Gatherer, Narrow, Row, Screen
from motcua.cli.stack.demo_table import as_line, as_screen
from shared.instants import parse_instant

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR_US = 3_600_000_000


def session(language: Literal["vi", "en"] = "en") -> Session:
    made = Session(Path(".motcua"), language)
    made.out = Console(file=io.StringIO(), width=160, highlight=False)
    return made


def screen() -> Screen:
    return Screen(
        clock=parse_instant("2026-11-21T16:00:00Z"),
        rows=[Row("H99", "Tỉnh Giả Định (mô phỏng)", 779, 289, 17, 2, "89.72", "62.13")],
        dossiers=2_215,
        narrow=Narrow("H99.05", "Sở Xây dựng (mô phỏng)", "tham_dinh", 398, "23.68", "H99.06", "31.72"),
        example="H99.01-261016-0036",
    )


def drawn(language: Literal["vi", "en"], shown: Screen) -> str:
    reader = session(language)
    reader.out.print(as_screen(reader, shown, {"intake": "http://i"}, ZONE, 30))
    assert isinstance(reader.out.file, io.StringIO)
    return reader.out.file.getvalue()


def test_the_screen_names_the_bottleneck_and_a_dossier() -> None:
    out = drawn("en", screen())
    assert "bottleneck of the month: H99.05 Sở Xây dựng (mô phỏng), step tham_dinh, 398 h over budget (23.68 %)" in out
    assert "most of the delay by H99.06: 31.72 %" in out
    assert "motcua slip H99.01-261016-0036" in out
    assert "điểm nghẽn của tháng: H99.05 Sở Xây dựng (mô phỏng), bước tham_dinh" in drawn("vi", screen())
    assert "SIMULATED" in out


def test_before_there_are_steps_nothing_is_said_of_them() -> None:
    out = drawn("en", Screen())
    assert "bottleneck" not in out
    assert "motcua slip" not in out
    assert "bottleneck" not in as_line(session(), Screen(), ZONE)


def test_the_line_for_a_log() -> None:
    line = as_line(session(), screen(), ZONE)
    assert "2.1 89.72 %, 3.3 62.13 %, bottleneck of the month: H99.05" in line
    assert "\n" not in line


@pytest.mark.parametrize("over", [0, 5 * HOUR_US + 1])
def test_the_bottleneck_is_gathered_of_the_clocks_month(
    over: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url.path}?{request.url.params}")
        worst = {"unit": "H99.05", "unit_name": "Sở X", "step": "sign", "total_over_us": over, "over_share": "50.00"}
        found = {
            "/v1/status": {"rows": 3, "clock": "2026-11-21T16:00:00Z"},
            "/v1/indices": {"indices": []},
            "/v1/dossiers": {"dossiers": [{"code": "H99.05-1", "unit": "H99.05"}]},
            "/v1/bottlenecks": {"bottlenecks": [worst]},
            "/v1/blame": {"units": []},
        }
        return httpx.Response(200, json=found.get(request.url.path, {}))

    home = Home(tmp_path)
    home.create()
    home.save(Stack(ports={"intake": 1, "processing": 2, "metrics": 3}))
    client = httpx.Client(transport=httpx.MockTransport(answer))
    given: dict[str, Any] = {}
    monkeypatch.setattr(httpx, "Client", lambda **options: given.update(options) or client)
    own = keys.create(home, keys.ADMIN)
    gatherer = Gatherer(LocalStack(tmp_path))
    gatherer.look()
    seen = gatherer.look()
    assert seen.example == "H99.05-1"
    assert seen.narrow == (Narrow("H99.05", "Sở X", "sign", 5, "50.00", None, None) if over else None)
    steps = [one for one in asked if "bottlenecks" in one]
    assert given["headers"] == {"Authorization": f"Bearer {own}"}, "services tell nothing without a key"
    assert steps == ["/v1/bottlenecks?unit=H99&limit=1&from=2026-11-01&to=2026-11-21"], "not each second"
