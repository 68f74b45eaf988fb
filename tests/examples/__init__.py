"""Worked examples an official can read (worked_examples.yaml), and how they become entries and expected facts."""
