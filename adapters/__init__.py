"""Agencies' adapters: a kit that links a back-office system to the hub, and one reader for each technology."""

VERSION = "0.1.0"
