"""The record: what was asked and disclosed, durable before it happens."""
