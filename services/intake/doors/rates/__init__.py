"""How much one sender may send in how short a time, and who costs more than its share."""
