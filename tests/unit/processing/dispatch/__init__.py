"""Tests of the dispatcher's pure parts."""
