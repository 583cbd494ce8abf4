"""One view out of what many agencies hold."""
