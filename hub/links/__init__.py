"""The agencies' links: connect, batch, deadline, breaker, outcome."""
