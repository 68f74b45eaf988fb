"""Reference pages generated from the code: settings, metrics, commands, HTTP and topics. Starts no service."""
