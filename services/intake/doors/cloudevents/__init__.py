"""How CloudEvents can be sent, and what to say where one comes in a way that is not taken."""
