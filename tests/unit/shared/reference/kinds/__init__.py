"""Tests of `shared/reference/kinds`."""
