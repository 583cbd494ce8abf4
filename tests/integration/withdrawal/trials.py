"""Trials: something is taken away while everybody asks, what follows is written down, and it is given back."""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sharing.v1 import policies_pb2

from tests.integration.journey.waiting import until
from tests.integration.withdrawal import drafts
from tests.integration.withdrawal.checker import must_end
from tests.integration.withdrawal.crowd import Asker
from tests.integration.withdrawal.desk import Done, SignedIn
from tests.integration.withdrawal.journal import FINISHED, Gone, Kind, Stream, Withdrawal
from tests.integration.withdrawal.partnership import VISITORS, Partnership

# For so long at least what is asked after a withdrawal is watched, beside the time that putting things back takes.
WATCHED_SECONDS, WAITED_SECONDS = 0.15, 1.2
# What ends by the clock has to be noticed by then; a look before that says nothing.
NOTICED_SECONDS = 0.25
# Not a whole second: a hub that looked once a second would notice one of three ends in time by chance, and not all.
APART_SECONDS, SPARE_SECONDS = 1.3, 0.8
# Questions that are put at the very moment of an acknowledgement, beside those of the crowd.
AT_ONCE = 5
MOST_LOOKED_AT, MOST_VIEWED = 3, 2
# Sign-ins begin so long before the account is changed: it is read before, and the session would be opened after.
AHEAD_SECONDS = (0.02, 0.01, 0.004)
OTHER_LEVEL, LEVEL = "school_nurse", "health_visitor"


class Trials:
    """Makes one trial after the other on one partnership."""

    def __init__(self, on: Partnership, *, seed: int) -> None:
        """Take the partnership; the seed decides which agency and which account it is each time."""
        self._on = on
        self._chance = random.Random(seed)
        self._base = drafts.permissive()
        self._victims = itertools.cycle(VISITORS)
        # How long it takes to have a draft of which nothing is known weighed, approved and published.
        self._lead_seconds = 3.0

    async def make(self, kind: Kind) -> None:
        """Make one trial of a kind; by the clock, one for each agency whose agreement ends."""
        match kind:
            case Kind.CLOCK:
                await self._by_the_clock()
            case Kind.DISABLED | Kind.OFFICE | Kind.SIGNED_OUT:
                await self._of_account(kind, next(self._victims))
            case _:
                await self._by_publication(kind)

    async def _by_publication(self, kind: Kind) -> None:
        texts, gone = self._taken_away(kind)
        await self._until_ripe(gone)
        proposal = await self._on.desk.propose(texts)
        withdrawal = _withdrawal(kind, gone, await self._on.desk.publish(proposal))
        withdrawal.let_out = frozenset(self._on.let_out)
        await self._watch(withdrawal)
        await self._give_back([withdrawal])

    def _taken_away(self, kind: Kind) -> tuple[Mapping[str, bytes], Gone]:
        sessions, agency = self._visitors(), self._chance.choice(drafts.SLOW)
        match kind:
            case Kind.QUESTION:
                return drafts.without_question(self._base), Gone(sessions=sessions, is_whole=True)
            case Kind.AGENCY:
                return drafts.without_agency(self._base, agency), Gone(sessions=sessions, agency=agency)
            case Kind.FIELD_CLASS:
                return drafts.without_involvement(self._base), Gone(sessions=sessions, fields=drafts.INVOLVEMENT)
            case Kind.AGREEMENT:
                return drafts.ended_early(self._base, agency), Gone(sessions=sessions, agency=agency)
            case _:
                raise ValueError(f"{kind} is not published")

    async def _by_the_clock(self) -> None:
        agencies = self._chance.sample(drafts.SLOW, len(drafts.SLOW))
        began = datetime.now(UTC)
        first = began.replace(microsecond=0) + timedelta(seconds=1 + self._lead_seconds)
        moments = {agency: first + timedelta(seconds=APART_SECONDS * number) for number, agency in enumerate(agencies)}
        done = await self._on.desk.publish(await self._on.desk.propose(drafts.ending(self._base, moments)))
        took = (datetime.now(UTC) - began).total_seconds()
        self._lead_seconds = took + SPARE_SECONDS
        withdrawals = [
            await self._when_it_ends(Gone(sessions=self._visitors(), agency=agency), moment, done)
            for agency, moment in moments.items()
            if datetime.now(UTC) < moment
        ]
        await self._give_back(withdrawals)

    async def _when_it_ends(self, gone: Gone, moment: datetime, done: Done) -> Withdrawal:
        await _until(moment)
        at = time.monotonic() - (time.time() - moment.timestamp())
        withdrawal = Withdrawal(
            kind=Kind.CLOCK,
            gone=gone,
            requested_at=at,
            acknowledged_at=at,
            publication=done.publication,
            ends_at_ms=int(moment.timestamp() * 1_000),
        )
        self._on.journal.withdrawals.append(withdrawal)
        await _until(moment + timedelta(seconds=NOTICED_SECONDS))
        await self._look(withdrawal, view=MOST_VIEWED)
        return withdrawal

    async def _of_account(self, kind: Kind, user_name: str) -> None:
        askers = self._on.crowd.of(user_name)
        gone = Gone(sessions=frozenset(asker.label for asker in askers), is_whole=True)
        await self._until_ripe(gone)
        withdrawal = await self._take_account_away(kind, user_name, askers, gone)
        await self._watch(withdrawal)
        self._on.crowd.leave(askers)
        await self._give_account_back(kind, user_name)
        for _ in askers:
            self._on.crowd.join(user_name, (await self._on.desk.sign_in(user_name)).token)

    async def _take_account_away(self, kind: Kind, user_name: str, askers: Sequence[Asker], gone: Gone) -> Withdrawal:
        asked_at_ms = time.time_ns() // 1_000_000
        if kind is Kind.SIGNED_OUT:
            done = await self._on.desk.sign_out_everywhere(askers[0])
            return _withdrawal(kind, gone, done, account=user_name, requested_at_ms=asked_at_ms)
        change = policies_pb2.AccountChange(
            user_name=user_name, access_level=OTHER_LEVEL, agency="health", areas=["bolton"]
        )
        proposal = await self._on.desk.propose_account(change) if kind is Kind.OFFICE else None
        racing = [asyncio.create_task(self._sign_in_soon(user_name, ahead)) for ahead in AHEAD_SECONDS]
        await asyncio.sleep(max(AHEAD_SECONDS))
        done = await (self._on.desk.publish(proposal) if proposal else self._on.desk.disable(user_name))
        withdrawal = _withdrawal(kind, gone, done, account=user_name, requested_at_ms=asked_at_ms)
        withdrawal.raced = [await self._tried(signed_in) for signed_in in await asyncio.gather(*racing)]
        return withdrawal

    async def _sign_in_soon(self, user_name: str, ahead: float) -> SignedIn | str:
        await asyncio.sleep(max(AHEAD_SECONDS) - ahead)
        return await self._on.desk.try_to_sign_in(user_name)

    async def _tried(self, signed_in: SignedIn | str) -> str:
        """Say what a session that was opened meanwhile is good for; one in the new office may stay."""
        if isinstance(signed_in, str):
            return signed_in
        if signed_in.access_level == OTHER_LEVEL:
            return OTHER_LEVEL
        return await self._on.crowd.is_answered(signed_in.token)

    async def _give_account_back(self, kind: Kind, user_name: str) -> None:
        if kind is Kind.SIGNED_OUT:
            return
        change = policies_pb2.AccountChange(user_name=user_name, enable=True, keep_office=True)
        if kind is Kind.OFFICE:
            change = policies_pb2.AccountChange(
                user_name=user_name, access_level=LEVEL, agency="health", areas=["bolton"]
            )
        await self._on.desk.publish(await self._on.desk.propose_account(change))

    async def _watch(self, withdrawal: Withdrawal) -> None:
        """Look at what sessions hold, at once and once the streams that must end have ended."""
        self._on.journal.withdrawals.append(withdrawal)
        self._on.crowd.ask_at_once(self._concerned(withdrawal), AT_ONCE)
        await self._look(withdrawal)
        watched = withdrawal.acknowledged_at + WATCHED_SECONDS
        # What is not over by then, the checker names.
        with suppress(TimeoutError):
            await until(lambda: time.monotonic() > watched and not any(self._open_ones(withdrawal)), WAITED_SECONDS)
        await self._look(withdrawal, view=MOST_VIEWED)

    def _open_ones(self, withdrawal: Withdrawal) -> Iterator[Stream]:
        return (stream for stream in must_end(withdrawal, self._on.journal.streams[-200:]) if stream.ended_at is None)

    async def _look(self, withdrawal: Withdrawal, *, view: int = 0) -> None:
        concerned = self._concerned(withdrawal)
        chosen = self._chance.sample(concerned, min(MOST_LOOKED_AT, len(concerned)))
        withdrawal.looks += [await self._on.crowd.look(asker, view=view) for asker in chosen]

    def _concerned(self, withdrawal: Withdrawal) -> list[Asker]:
        return [asker for asker in self._on.crowd.askers if asker.label in withdrawal.gone.sessions]

    async def _give_back(self, withdrawals: Sequence[Withdrawal]) -> None:
        proposal = await self._on.desk.propose(self._base)
        for withdrawal in withdrawals:
            withdrawal.restored_at = time.monotonic()
        await self._on.desk.publish(proposal)

    async def _until_ripe(self, gone: Gone) -> None:
        """Wait until somebody holds, and somebody is just getting, what is about to be taken away."""
        since = time.monotonic()

        def is_ripe() -> bool:
            shown = [
                stream
                for stream in self._on.journal.streams[-200:]
                if stream.started_at > since and gone.takes(stream.session, stream.shown())
            ]
            return any(stream.ended_as == FINISHED for stream in shown) and (
                gone.agency == "connexions" or any(stream.ended_at is None for stream in shown)
            )

        await until(is_ripe)

    def _visitors(self) -> frozenset[str]:
        return frozenset(asker.label for asker in self._on.crowd.askers if asker.user_name in VISITORS)


def _withdrawal(kind: Kind, gone: Gone, done: Done, *, account: str = "", requested_at_ms: int = 0) -> Withdrawal:
    return Withdrawal(
        kind=kind,
        gone=gone,
        requested_at=done.requested_at,
        acknowledged_at=done.acknowledged_at,
        publication=0 if account else done.publication,
        account=account,
        requested_at_ms=requested_at_ms,
    )


async def _until(moment: datetime) -> None:
    """Wait for a moment of the wall clock, which the loop's own may be a little ahead of."""
    while (seconds := (moment - datetime.now(UTC)).total_seconds()) > 0:  # noqa: ASYNC110  (time itself is waited for)
        await asyncio.sleep(seconds)
