"""Who may send: senders, their keys and rights, kept in the database and in memory."""
