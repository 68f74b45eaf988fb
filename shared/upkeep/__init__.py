"""How a service keeps itself at work: its loops, its end, and the room it has. Knows no service."""
