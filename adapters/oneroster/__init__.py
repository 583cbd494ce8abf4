"""Reads OneRoster 1.2 rostering services: users by what they are filtered by, and what belongs to them."""
