"""Progress bars for commands that take several named steps. Knows neither the steps nor who takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from motcua.cli.session import Session

if TYPE_CHECKING:
    from deploy.operations.epochs.watching import Told

__all__ = ["steps_bar"]


@contextmanager
def steps_bar(session: Session, steps: Mapping[str, tuple[str, str]]) -> Iterator[Told]:
    """A bar for each step, shown from the first time something is told of it.

    Args:
        session: whose language and error output.
        steps: words for each step, in Vietnamese and English, by the name it is told by.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=session.err, transient=True) as bars:
        tasks = {name: bars.add_task(session.say(*words), total=None, visible=False) for name, words in steps.items()}
        yield lambda step, done, total: bars.update(tasks[step], completed=done, total=total, visible=True)
