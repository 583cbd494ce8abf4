"""A deployment's record, opened: the ledger on its store, and the keys that sign it and that name people in it."""
