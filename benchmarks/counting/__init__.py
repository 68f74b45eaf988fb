"""Figures over many dossiers: predicates, evaluations, steps, questions and memory."""
