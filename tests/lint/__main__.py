"""`python -m tests.lint`: checks every Python file git knows of; exit status 1 when a rule is broken."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.lint.rules import RULES, Module, check, full_folders


def main() -> int:
    """Print each offence as path:line: text."""
    root = Path(__file__).resolve().parents[2]
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.py"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\n")
    paths = sorted(path for path in set(listed) if path and (root / path).is_file())
    offences = [*full_folders(paths)]
    for path in paths:
        tree = ast.parse((root / path).read_text(encoding="utf-8"), filename=path)
        offences += check(Module(path, tree))
    for offence in offences:
        sys.stdout.write(f"{offence}\n")
    sys.stdout.write(f"{len(paths)} files, {len(RULES) + 1} rules, {len(offences)} offences\n")
    return 1 if offences else 0


if __name__ == "__main__":
    raise SystemExit(main())
