"""What an adapter counts of itself: figures with bounded names and nothing about anybody, as Prometheus reads them."""

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from adapters import VERSION

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True, kw_only=True, eq=False)
class Figures:
    """Belongs to one adapter process; whoever does something says so here."""

    last_receipt: int = 0
    last_ask_ms: int = 0
    asks_running: int = 0
    _links: "Tally[str]" = field(default_factory=Tally)
    _registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _asks: Counter = field(init=False)
    _statuses: dict[str, Counter] = field(default_factory=dict)
    _seconds: Histogram = field(init=False)
    _late: Gauge = field(init=False)
    _gauges: Mapping[str, Gauge] = field(init=False)
    _links_up: Gauge = field(init=False)

    def __post_init__(self) -> None:
        """Make the figures, all of them at nothing."""
        registry = self._registry
        self._asks = Counter("adapter_asks", "Asks, by what the hub was told.", ("status",), registry=registry)
        self._seconds = Histogram(
            "adapter_ask_seconds",
            "From an ask's arrival until its reply may leave.",
            registry=registry,
            buckets=SECONDS,
        )
        self._links_up = Gauge("adapter_links", "Links that are welcomed, by hub.", ("hub",), registry=registry)
        late = "How late the last look at an answer that is held began, by source."
        self._late = Gauge("adapter_look_late_seconds", late, ("source",), registry=registry)
        Gauge("adapter_info", "Always 1.", ("version",), registry=registry).labels(version=VERSION).set(1)
        self._gauges = {
            name: Gauge(f"adapter_{name}", meaning, registry=registry)
            for name, meaning in (
                ("asks_running", "Asks that are being answered."),
                ("last_ask_timestamp_seconds", "When the last ask came; 0 before the first."),
                ("last_receipt", "Number of the last receipt in the journal."),
                ("answers_held", "Answers that a hub may hold, and that would be taken back."),
                ("answers_stopped", "1 while all answers are stopped."),
            )
        }

    def asked(self, status: str, seconds: float) -> None:
        """Count an ask that was replied to, with the contract's word for what the hub was told."""
        if status not in self._statuses:
            self._statuses[status] = self._asks.labels(status=status.removeprefix("REPLY_STATUS_").lower())
        self._statuses[status].inc()
        self._seconds.observe(seconds)

    def dropped(self) -> None:
        """Count an ask that the hub gave up."""
        self._asks.labels(status="dropped").inc()

    def link_up(self, hub: str) -> None:
        """Count a link that is welcomed."""
        self._links[hub] += 1
        self._links_up.labels(hub=hub).set(self._links[hub])

    def link_down(self, hub: str) -> None:
        """Count a link that has ended."""
        self._links[hub] -= 1
        self._links_up.labels(hub=hub).set(self._links[hub])

    def links(self, hub: str) -> int:
        """Tell how many links with a hub are welcomed."""
        return self._links[hub]

    def stands(self, last_receipt: int) -> None:
        """Note how far the journal has come with receipts."""
        self.last_receipt = last_receipt

    def looked(self, source: str, late_seconds: float) -> None:
        """Note how late a look began."""
        self._late.labels(source=source).set(late_seconds)

    def text(self, *, held: int, is_stopped: bool) -> bytes:
        """Write all of them as Prometheus reads them."""
        gauges = self._gauges
        gauges["asks_running"].set(self.asks_running)
        gauges["last_ask_timestamp_seconds"].set(self.last_ask_ms / 1_000)
        gauges["last_receipt"].set(self.last_receipt)
        gauges["answers_held"].set(held)
        gauges["answers_stopped"].set(is_stopped)
        return generate_latest(self._registry)
