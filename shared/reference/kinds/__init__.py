"""What each kind of reference entry says."""
