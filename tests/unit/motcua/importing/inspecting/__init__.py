"""Tests of `motcua/importing/inspecting`."""
