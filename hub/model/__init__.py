"""The values that the whole hub speaks in: frozen, without a clock, a network or a technology."""
