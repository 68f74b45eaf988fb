"""The installed package, and with it the image, has every file that code reads beside itself."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
#: Read by the image's build and by containers, not by code.
NOT_READ = {
    "deploy/image/mongo-set.js",
    "deploy/image/requirements.lock",
    "deploy/prometheus/alerts.yml",
    "deploy/prometheus/prometheus.yml",
}


def test_every_data_file_of_a_package_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["*"]
    every = [
        path
        for name in ("shared", "services", "motcua", "simulator", "deploy")
        for path in (ROOT / name).rglob("*")
        if path.is_file()
    ]
    data = [path for path in every if path.suffix not in {".py", ".pyc"}]
    assert ROOT / "shared/calendar/vn_public.yaml" in data
    left_out = {
        str(path.relative_to(ROOT)) for path in data if not any(fnmatch(path.name, pattern) for pattern in patterns)
    }
    assert left_out == NOT_READ
