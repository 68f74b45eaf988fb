"""Tests of `motcua/importing/tables`."""
