"""How codes are written: those nobody registered and what they look like, and those not in the form doors keep."""
