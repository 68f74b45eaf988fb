"""What a replica of intake knows of the outboxes it reads, and of the transactions that hold them."""
