"""How questions are answered while all else goes on: a short look at the table, the rest in a thread beside it."""
