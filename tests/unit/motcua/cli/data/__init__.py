"""Tests of `motcua/cli/data`."""
