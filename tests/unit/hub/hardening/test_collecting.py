from hub.hardening.collecting import SHARE, Collecting


class Looks:
    """A clock that a look moves on by as much as it takes."""

    def __init__(self) -> None:
        self.now = 100.0
        self.takes = 0.01
        self.count = 0

    def __call__(self) -> float:
        return self.now

    def look(self) -> None:
        self.count += 1
        self.now += self.takes


def test_looking_takes_its_share_of_the_time_and_no_more() -> None:
    looks = Looks()
    collecting = Collecting(clock=looks, collect=looks.look)
    began = looks.now
    for _ in range(1_000):
        looks.now += 0.05
        collecting.look()
    assert 0.5 * SHARE <= looks.count * looks.takes / (looks.now - began) <= SHARE


def test_a_short_look_is_had_each_time() -> None:
    looks = Looks()
    looks.takes = 0.001
    collecting = Collecting(clock=looks, collect=looks.look)
    for _ in range(10):
        looks.now += 1
        collecting.look()
    assert looks.count == 10
