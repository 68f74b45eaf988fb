"""How the work of all partitions shares one process, and whether that process may still go on with it.

Knows the event loop, the clock and the group; nothing of entries.
"""
