"""Tests of reading back the lifecycle topic."""
