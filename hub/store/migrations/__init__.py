"""The history of the schema, oldest first; alembic runs it."""
