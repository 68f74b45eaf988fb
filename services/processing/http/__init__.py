"""What processing answers over HTTP. Reads; changes nothing."""
