"""Units with software of their own: their topics, what their outboxes say, what they are answered."""
