"""Tests of processing's loop and its parts, without broker and database."""
