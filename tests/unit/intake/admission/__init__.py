"""Tests of `intake/admission`."""
