"""Who may do what: rights of keys, what a sender's patterns of units cover, and how services ask whose a key is."""
