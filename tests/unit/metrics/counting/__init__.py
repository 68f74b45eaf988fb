"""Tests of services/metrics/counting."""
