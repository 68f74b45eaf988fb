"""Who may act on a dossier: which of the entries that hold are entitled by the grants of their senders' keys.

Pure: a function of the entries that hold and the reference data. What an entitled entry then does, and who may act on a
step (routing/rights.py), is decided elsewhere.
"""
