"""Tests of `motcua/cli/reference`."""
