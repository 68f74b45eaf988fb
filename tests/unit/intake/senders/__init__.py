"""Tests of `intake/senders`."""
