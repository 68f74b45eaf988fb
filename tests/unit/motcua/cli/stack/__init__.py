"""Tests of `motcua/cli/stack`."""
