"""The policy versions that have been in force, each with its whole content."""

from sqlalchemy import Engine, insert, select

from hub.store.tables import policy_versions


class PolicyVersions:
    """Keeps each version once, so that an old audit entry can still be understood."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def keep(self, version: str, content: str, now_ms: int) -> bool:
        """Keep a version that comes into force now; return whether it was new."""
        with self._engine.begin() as connection:
            known = select(policy_versions.c.version).where(policy_versions.c.version == version)
            if connection.execute(known).scalar() is not None:
                return False
            row = {"version": version, "in_force_since_ms": now_ms, "content": content}
            connection.execute(insert(policy_versions), row)
        return True
