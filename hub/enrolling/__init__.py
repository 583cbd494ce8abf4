"""Agencies' certificates: tokens for the first, renewals, and everything that makes them count no more."""
