"""Hardening: what a served hub does so that its memory forgets, and what is known of how well that works here."""
