"""`python -m tests.oracle JOURNAL.ndjson --from DATE --to DATE`: the figures of `motcua index --json`, recomputed."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from zoneinfo import ZoneInfo

from tests.oracle.cases.dossier import all_facts
from tests.oracle.figures import Period, indices
from tests.oracle.journal import read_journal, read_lines


def main() -> None:
    """Print the indices of a journal export as a JSON array."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("journal", help="export of the journal, one {partition, offset, entry} a line")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, help="first local day")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, help="last local day")
    parser.add_argument("--unit", help="a unit with all below; everything if left out")
    parser.add_argument("--children", action="store_true", help="also the units directly below")
    parser.add_argument("--by", choices=["procedure", "channel", "month"], help="break down")
    parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("Asia/Ho_Chi_Minh"), help="zone of day boundaries")
    parser.add_argument("--partitions", type=int, help="partitions of the journal; entries elsewhere are left out")
    options = parser.parse_args()
    journal = read_journal(read_lines(options.journal), options.partitions)
    found = indices(
        all_facts(journal, options.zone),
        Period(options.first, options.last, options.zone),
        min(journal.clocks.values(), default=None),
        unit=options.unit,
        children=options.children,
        by=options.by,
    )
    json.dump(found, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
