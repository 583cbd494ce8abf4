"""Which records are about one person."""
