"""Tests of `motcua/cli/figures`."""
