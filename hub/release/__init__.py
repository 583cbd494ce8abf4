"""What may leave the hub."""
