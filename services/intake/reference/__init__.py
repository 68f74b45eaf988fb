"""Reference entries at intake: judged, stored, and brought to every partition."""
