from hub.hardening.sparing import SHARE, Sparing


class Work:
    """Work, and a clock that it moves on by as much as it takes; nobody else has the processor."""

    def __init__(self) -> None:
        self.now = 100.0
        self.takes = 0.01
        self.count = 0

    def __call__(self) -> float:
        return self.now

    def do(self) -> None:
        self.count += 1
        self.now += self.takes


def test_the_work_takes_its_share_of_the_time_and_no_more() -> None:
    work = Work()
    sparing = Sparing(work.do, clock=work, spent=work)
    began = work.now
    for _ in range(1_000):
        work.now += 0.05
        sparing.do()
    assert 0.5 * SHARE <= work.count * work.takes / (work.now - began) <= SHARE


def test_short_work_is_done_each_time() -> None:
    work = Work()
    work.takes = 0.001
    sparing = Sparing(work.do, clock=work, spent=work)
    for _ in range(10):
        work.now += 1
        sparing.do()
    assert work.count == 10
