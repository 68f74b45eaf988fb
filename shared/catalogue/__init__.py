"""The one typed catalogue of all Prometheus metrics: name, kind, unit, meaning, and what to do about it."""
