"""How long the two servers keep connections that are good for nothing, as gRPC is told."""

from dataclasses import dataclass

Option = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Is counted in milliseconds; tests have less of it."""

    # Whoever has connected and does not say in this time who he is, and what he speaks, is nobody.
    handshake_ms: int = 10_000
    # A peer that has gone without a word, or stands still, is found out in half a minute: until then the hub keeps what
    # it was sending to it.
    keepalive_ms: int = 20_000
    keepalive_timeout_ms: int = 10_000
    # A requester's connection keeps the last question and the last answer in its buffers until others take their place;
    # one that nobody uses is closed, whatever its client does. The next call opens another.
    idle_requester_ms: int = 3_000
    # An adapter that has connected opens its link at once. One that does not has gone, or is up to nothing good: while
    # there is no call on it, a connection is not pinged.
    idle_link_ms: int = 10_000
    # Nobody keeps a connection for longer, not even one who answers pings and reads nothing; calls get time to end.
    oldest_ms: int = 900_000
    grace_ms: int = 900_000

    def with_requesters(self) -> tuple[Option, ...]:
        """Return the options of the server for requesters."""
        return (
            *self._with_all(),
            ("grpc.max_connection_idle_ms", self.idle_requester_ms),
            ("grpc.max_connection_age_ms", self.oldest_ms),
            ("grpc.max_connection_age_grace_ms", self.grace_ms),
        )

    def with_links(self) -> tuple[Option, ...]:
        """Return the options of the server for adapters; a link has no age, since it pads and is pinged."""
        return (*self._with_all(), ("grpc.max_connection_idle_ms", self.idle_link_ms))

    def _with_all(self) -> tuple[Option, ...]:
        return (
            ("grpc.server_handshake_timeout_ms", self.handshake_ms),
            ("grpc.keepalive_time_ms", self.keepalive_ms),
            ("grpc.keepalive_timeout_ms", self.keepalive_timeout_ms),
            # Without it the one above counts for nothing: an answer to any ping, these too, is waited for a minute.
            ("grpc.http2.ping_timeout_ms", self.keepalive_timeout_ms),
            ("grpc.http2.max_pings_without_data", 0),
        )


PATIENCE = Patience()
