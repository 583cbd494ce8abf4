"""The journey of one question, in the order in which it happens."""
