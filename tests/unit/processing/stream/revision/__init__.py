"""Tests of `processing/stream/revision`."""
