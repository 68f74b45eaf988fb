"""Runs an import from a file to the last acknowledged entry; what the command line calls. Prints nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from motcua.importing.client import IntakeClient
from motcua.importing.inspecting.preview import dry_run, preview
from motcua.importing.mapping.load import Loaded, load_mapping
from motcua.importing.mapping.times import parse_until
from motcua.importing.mapping.translate import Prepared
from motcua.importing.options import ImportOptions
from motcua.importing.progress import Progress, Stage, Summary
from motcua.importing.reasons import ImportFailed, Reason, Refused, unwritten
from motcua.importing.refused import RefusedFile
from motcua.importing.resume import Resume, Saved, fingerprint
from motcua.importing.sending import Sender
from motcua.importing.sort import TimeSorter
from motcua.importing.stream import DataClock, Entries, Tick, open_entries
from shared.instants import parse_instant, to_datetime

__all__ = ["ImportOptions", "dry_run", "preview", "run_import"]

_REPORT_EVERY = 1_000


async def run_import(options: ImportOptions, on_progress: Callable[[Progress], None] | None = None) -> Summary:
    """Bring a file into the journal.

    A run that was interrupted goes on where it stopped; a complete one can be repeated, which changes nothing.

    Args:
        options: what and how.
        on_progress: called about once per thousand rows and after each batch.

    Raises:
        ImportFailed: it cannot start or go on; its text is one line that says what to do.
        MappingMistakes: the same, for a mapping file, one line per mistake.
    """
    started = time.monotonic()
    zone, until = _zone_and_until(options)
    loaded = None if options.mapping is None else load_mapping(options.mapping, options.zone)
    entries = open_entries(options.file, loaded)
    try:
        run = _Run(options, entries, loaded=loaded, zone=zone, until=until, started=started, on_progress=on_progress)
        return await run.run()
    finally:
        entries.close()


def _zone_and_until(options: ImportOptions) -> tuple[ZoneInfo, int | None]:
    try:
        zone = ZoneInfo(options.zone)
    except (KeyError, ValueError, OSError) as error:
        raise ImportFailed("bad_stack_zone", value=options.zone) from error
    if options.until is None:
        return zone, None
    if options.clock != "data":
        raise ImportFailed("until_without_clock")
    try:
        return zone, parse_until(options.until, zone)
    except ValueError as error:
        raise ImportFailed("bad_until", value=options.until) from error


class _Run:
    """One run: its stream, its sender, and what it tells."""

    def __init__(
        self,
        options: ImportOptions,
        entries: Entries,
        *,
        loaded: Loaded | None,
        zone: ZoneInfo,
        until: int | None,
        started: float,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self._options = options
        self._entries = entries
        self._started = started
        self._on_progress = on_progress
        self._stage: Stage = "reading"
        self._sender: Sender | None = None
        self._client: IntakeClient | None = None
        self._made = 0
        #: Of the stream's items, ticks left out, those that an interrupted run dealt with; and in the order of the file
        #: the rows they came from.
        self._skipped_items = self._skipped_rows = 0
        self._directory = options.home / "imports"
        with unwritten(self._directory):
            self._directory.mkdir(parents=True, exist_ok=True)
        content = None if loaded is None else loaded.content
        print_ = fingerprint(options.file, content, options.clock, until, zone if options.clock == "data" else "")
        self._resume = Resume(self._directory, print_)
        self._refused_path = options.refused or self._directory / f"{options.file.name}-{print_[:8]}.refused.csv"
        self._clock = None
        if options.clock == "data":
            sorter = TimeSorter(self._directory, options.sort_memory)
            self._clock = DataClock(entries, zone, until, sorter, self._report)

    async def run(self) -> Summary:
        options = self._options
        async with IntakeClient(
            options.intake_url,
            options.key,
            language=options.language,
            patience=options.patience,
            transport=options.transport,
            sleep=options.sleep,
        ) as client:
            notes = await self._check_clock(client)
            saved = Saved() if options.from_start else self._resume.load()
            size = saved.refused_size if saved.refused_path == str(self._refused_path) else 0
            places = self._entries.places
            refused = RefusedFile(self._refused_path, options.language, size, places)
            batch_size = min(max(options.batch_size, 1), 5_000)
            resumed = saved.outcome.accepted
            self._client = client
            self._sender = sender = Sender(
                client,
                saved,
                self._resume,
                refused,
                places=places,
                language=options.language,
                batch_size=batch_size,
                in_flight=options.in_flight,
                on_outcome=self._report,
            )
            try:
                await self._feed(sender)
            except BaseException:
                await sender.cancel()
                raise
        self._resume.remove()
        self._stage = "done"
        self._report()
        return self._summary(saved, resumed, refused, notes)

    async def _check_clock(self, client: IntakeClient) -> tuple[Reason, ...]:
        (mode, tick), wanted = await client.clock(), self._options.clock
        if wanted == "data" and mode == "live":
            raise ImportFailed(
                "clock_differs",
                mode=mode,
                wanted=wanted,
                remedy_vi="Bỏ --clock data, hoặc dùng hệ thống chạy bằng `motcua up --clock data`.",
                remedy_en="Leave out --clock data, or use a stack started by `motcua up --clock data`.",
            )
        if wanted != "live" or mode != "data":
            return ()
        if tick is None:
            return (Reason("data_clock_waits"),)
        zone = ZoneInfo(self._options.zone)
        stands = to_datetime(parse_instant(tick)).astimezone(zone)
        told = {"clock": f"{stands:%Y-%m-%d %H:%M}", "clock_vi": f"{stands:%H:%M %d/%m/%Y}"}
        return (Reason("data_clock_stands", told),)

    def _items(self) -> Iterator[Prepared | Refused | Tick]:
        return self._entries.items() if self._clock is None else self._clock.items()

    async def _feed(self, sender: Sender) -> None:
        """Give the sender the stream from where it stopped; a damaged file ends the import after what could be read."""
        done = sender.saved.position
        broken: ImportFailed | None = None
        items = self._items()
        position = 0
        while True:
            try:
                item = next(items, None)
            except ImportFailed as error:
                broken = error
                break
            if item is None:
                break
            position += 1
            if isinstance(item, Prepared):
                self._stage = "sending"
                self._made += 1
            if position > done:
                await sender.take(item)
            else:
                self._skipped_items += not isinstance(item, Tick)
                self._skipped_rows = self._entries.rows
            if position == done + 1 and done:
                # The row of this item is not done yet.
                self._skipped_rows = self._entries.rows - 1
            if position % _REPORT_EVERY == 0:
                self._report()
        await sender.drain()
        if broken is not None:
            raise broken

    def _skipped(self) -> int:
        """Rows that an interrupted run dealt with."""
        clock = self._clock
        if clock is None:
            return self._skipped_rows
        return self._entries.rows * self._skipped_items // clock.items_read if self._skipped_items else 0

    def _report(self) -> None:
        if self._on_progress is None:
            return
        sender = self._sender
        outcome = None if sender is None else sender.saved.outcome
        self._on_progress(
            Progress(
                stage=self._stage,
                rows=self._entries.rows,
                entries=self._made,
                accepted=outcome.accepted if outcome else 0,
                refused=outcome.refused_total if outcome else 0,
                ticks=outcome.ticks if outcome else 0,
                bytes_read=self._entries.position if self._stage != "done" else self._entries.size,
                bytes_total=self._entries.size,
                waiting=sender.waiting if sender else 0,
                seconds=time.monotonic() - self._started,
                skipped=self._skipped(),
                waited=self._waited,
            )
        )

    @property
    def _waited(self) -> float:
        """Seconds for which intake told the key to wait."""
        return 0.0 if self._client is None else self._client.waited

    def _summary(self, saved: Saved, resumed: int, refused: RefusedFile, notes: tuple[Reason, ...]) -> Summary:
        seconds = time.monotonic() - self._started
        outcome = saved.outcome
        if self._waited:
            notes = (*notes, Reason("rate_waited", {"seconds": round(self._waited)}))
        after = 0 if self._clock is None else self._clock.after_until
        return Summary(
            file=self._options.file,
            rows=self._entries.rows,
            entries=self._made + after,
            accepted=outcome.accepted,
            refused=outcome.refused_total,
            refused_by_reason=dict(sorted(outcome.refused.items(), key=lambda one: (-one[1], one[0]))),
            examples=outcome.examples,
            contradictions=outcome.contradictions,
            filtered=self._entries.filtered,
            after_until=after,
            clock_entries=self._entries.clock_entries,
            ticks=outcome.ticks,
            dossiers=self._entries.dossiers,
            resumed=resumed,
            seconds=seconds,
            rows_per_second=(self._entries.rows - self._skipped()) / seconds if seconds > 0 else 0.0,
            refused_file=refused.path if refused.size else None,
            notes=(*notes, *self._entries.notes),
            noted=self._entries.noted,
            skipped=self._skipped(),
            waited=self._waited,
            names=self._entries.names,
        )
