"""Where an interrupted import stopped: a small file per data file and way of importing it, removed at the end.

It only saves work: entries sent twice have the same ids and count once, so a stale or lost file does no harm.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from motcua.importing.progress import Outcome
from motcua.importing.reasons import ImportFailed, unwritten

__all__ = ["LANGUAGE_VERSION", "Resume", "Saved", "fingerprint"]

#: Raise it when the same file and mapping would give other entries, or the same in another order.
LANGUAGE_VERSION = 3


@dataclass(slots=True)
class Saved:
    """Everything before `position` of the stream has its outcome.

    `refused_size` bytes of the file of refused rows belong to it.
    """

    position: int = 0
    refused_path: str = ""
    refused_size: int = 0
    outcome: Outcome = field(default_factory=Outcome)


_ADAPTER = TypeAdapter(Saved)


def fingerprint(file: Path, mapping: bytes | None, *circumstances: object) -> str:
    """SHA-256 hex of a data file, its mapping, and what else decides which entries are sent in which order.

    Raises:
        ImportFailed: the file cannot be read.
    """
    made = hashlib.sha256(orjson.dumps([LANGUAGE_VERSION, *map(str, circumstances)]))
    made.update(hashlib.sha256(b"" if mapping is None else mapping).digest())
    try:
        with file.open("rb") as opened:
            made.update(hashlib.file_digest(opened, "sha256").digest())
    except OSError as error:
        raise ImportFailed("file_away", file=str(file), reason=error.strerror or str(error)) from error
    return made.hexdigest()


class Resume:
    """The resume file of one import."""

    def __init__(self, directory: Path, print_: str) -> None:
        self.path = directory / f"{print_}.json"

    def load(self) -> Saved:
        """Where to go on; the start, if there is no file or it cannot be understood."""
        try:
            return _ADAPTER.validate_json(self.path.read_bytes())
        except (OSError, ValidationError):
            return Saved()

    def save(self, saved: Saved) -> None:
        """Replace the file as a whole.

        Raises:
            ImportFailed: the disk does not take it.
        """
        with unwritten(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_suffix(".new")
            new.write_bytes(orjson.dumps(asdict(saved)))
            new.replace(self.path)

    def remove(self) -> None:
        """The import is complete: a repeat begins at the start, which is harmless."""
        self.path.unlink(missing_ok=True)
