"""Process logs of an export: XES and OCEL 2.0."""
