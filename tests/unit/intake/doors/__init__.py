"""Tests of `intake/doors`."""
