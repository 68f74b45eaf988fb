"""Tests of reading and deriving epochs, without a stack."""
