"""Reads logs with pm4py and tells what is in them as JSON: a program of its own, never imported.

Usage: python pm4py_reader.py FILE.xes FILE.jsonocel FILE.sqlite
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any


def micros(column: Any) -> list[int]:
    """Instants as UTC microseconds."""
    return [int(one.value) // 1000 for one in column]


def xes(path: str) -> dict[str, Any]:
    """Cases and events of a process log."""
    import pm4py

    log = pm4py.read_xes(path)
    keys = ["case:concept:name", "concept:name", "lifecycle:transition", "source", "entry_id"]
    cases = log.drop_duplicates("case:concept:name")
    return {
        "events": [list(row) for row in zip(*(log[key] for key in keys), micros(log["time:timestamp"]), strict=True)],
        "due": dict(zip(cases["case:concept:name"], micros(cases["case:due"]), strict=True)),
        "simulated": sorted({bool(one) for one in cases["case:simulated"]}),
        "variants": len(pm4py.get_variants(log)),
    }


def ocel(path: str) -> dict[str, Any]:
    """Objects, events, relations and changes of an object-centric log."""
    import pm4py

    log = pm4py.read_ocel2(path)
    events, objects, relations, changes = log.events, log.objects, log.relations, log.object_changes
    events = list(zip(events["ocel:eid"], events["ocel:activity"], micros(events["ocel:timestamp"]), strict=True))
    e2o = zip(relations["ocel:eid"], relations["ocel:oid"], relations["ocel:qualifier"], strict=True)
    o2o = zip(log.o2o["ocel:oid"], log.o2o["ocel:oid_2"], log.o2o["ocel:qualifier"], strict=True)
    changed = [
        [row["ocel:oid"], row["ocel:field"], str(row[row["ocel:field"]]), int(row["ocel:timestamp"].value) // 1000]
        for row in changes.to_dict(orient="records")
    ]
    return {
        "events": sorted(map(list, events)),
        "objects": sorted(map(list, zip(objects["ocel:oid"], objects["ocel:type"], strict=True))),
        "e2o": sorted(map(list, e2o)),
        "o2o": sorted(map(list, o2o)),
        "changes": sorted(changed),
        "units": {
            row["ocel:oid"]: row["unit"] for row in objects.to_dict(orient="records") if row["ocel:type"] == "dossier"
        },
    }


def unsatisfied(path: str) -> list[str]:
    """Rules of the relational form that a database breaks."""
    from pm4py.objects.ocel.validation import ocel20_rel_validation

    return [str(rule) for rule in ocel20_rel_validation.apply(path)[1]]


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    log, as_json, as_sqlite = sys.argv[1:]
    told = {"xes": xes(log), "json": ocel(as_json), "sqlite": ocel(as_sqlite), "unsatisfied": unsatisfied(as_sqlite)}
    sys.stdout.write(f"\n=====\n{json.dumps(told)}")
