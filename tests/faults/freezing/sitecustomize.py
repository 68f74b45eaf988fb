"""Put on the path of a replica of processing, lets it be frozen at the worst moment: with a batch in its producer.

Python loads it before anything else in every process whose PYTHONPATH names this folder. In processing it changes one
thing: where a file is named after the process in FREEZE_FOLDER, the process stops itself (as SIGSTOP does) right after
it has handed its next batch of the lifecycle topic to the client, before a byte of it is sent.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

_MODULE = "services.processing.stream.output"


class _Finder(MetaPathFinder):
    """Finds one module as it is and changes it once it is loaded."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != _MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_change(module: ModuleType) -> None:
                load(module)
                _change(module)

            spec.loader.exec_module = load_and_change  # type: ignore[method-assign]
        return spec


def _change(module: ModuleType) -> None:
    wish = Path(os.environ["FREEZE_FOLDER"]) / str(os.getpid())
    writer: Any = module.LifecycleWriter
    begin = writer.__init__

    class Hand:
        """The producer, but for the moment after a batch was handed over."""

        def __init__(self, producer: Any) -> None:
            self.create_batch = producer.create_batch
            self._producer = producer

        async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Any:
            handed = await self._producer.send_batch(batch, topic, partition=partition)
            if wish.exists():
                wish.unlink()
                os.kill(os.getpid(), signal.SIGSTOP)
            return handed

    def beginning(self: Any, producer: Any, topic: str, partition: int) -> None:
        begin(self, Hand(producer) if ".lifecycle." in topic else producer, topic, partition)

    writer.__init__ = beginning


if os.environ.get("FREEZE_FOLDER"):
    sys.meta_path.insert(0, _Finder())
