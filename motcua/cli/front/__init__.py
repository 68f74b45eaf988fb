"""What stands before the commands: their table, the group that loads them when chosen, help in one language, Ctrl-C."""
