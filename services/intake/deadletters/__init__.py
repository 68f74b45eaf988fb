"""What nobody could understand: kept, shown, brought into the journal once, or discarded."""
