"""The Python client of the hub, for every program that asks: over gRPC, with the answer put together."""
