"""What process logs hold beside their traces, and where it stands."""
