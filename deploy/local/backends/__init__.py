"""Broker and database of a local stack."""
