"""The dispatcher: tells agencies what is theirs to do, after the backlog is read and a grace period, once."""
