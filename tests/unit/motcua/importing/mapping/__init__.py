"""Tests of `motcua/importing/mapping`."""
