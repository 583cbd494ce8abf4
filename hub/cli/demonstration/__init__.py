"""A whole deployment for show: real stores, real adapters in their own processes, real mutual TLS."""
