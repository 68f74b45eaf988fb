"""`python -m docs.generate [docs]`: writes the generated pages and documents; run by `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from docs.generate.documents import documents

__all__ = ["main"]


def main() -> int:
    """Write every file whose content is another than what stands there."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs")
    for name, content in documents().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
