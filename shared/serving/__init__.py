"""How a service is served over HTTP: limits on connections that are idle, slow, or too many. Knows no service."""
