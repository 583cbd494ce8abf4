"""Silver: the adapter keeps notices about its own records, acknowledges what it keeps, and says no more."""

import asyncio

from sharing.v1.links_pb2 import ConnectResponse, Difference, Notice, NoticeReply
from sharing.v1.records_pb2 import PersonKeys

from adapters.conformance.bench import Bench
from adapters.conformance.held_link import HeldLink
from adapters.conformance.rules import Broken

SECONDS = 10.0
_MEND = "Keep the notice where the agency's people find it, then acknowledge it; also one that is there already."


async def notices_kept(bench: Bench) -> None:
    """Tell of one difference twice, and of one about somebody unknown; each is acknowledged."""
    link, (_, known, _) = await bench.link(), bench.first_known()
    for who, person in (("somebody known", known), ("somebody known, again", known), ("nobody", bench.unknown())):
        notice = _notice(bench, person)
        notice.difference.CopyFrom(Difference(field="family_name", agencies=2, own="CONFORMANCE"))
        link.send(ConnectResponse(notices=[notice]))
        await _acknowledged(link, notice.notice_id, f"a notice reply about {who} within {SECONDS:g} s", _MEND)


async def notices_understood(bench: Bench) -> None:
    """Send one that is about nothing that this contract has, then one that is: only the second is acknowledged."""
    link, (_, known, _) = await bench.link(), bench.first_known()
    later, understood = _notice(bench, known), _notice(bench, known)
    understood.difference.CopyFrom(Difference(field="given_name", agencies=1, own="CONFORMANCE"))
    link.send(ConnectResponse(notices=[later]))
    # They are taken in one after the other, so what would be said of the first is said by the time of the second.
    link.send(ConnectResponse(notices=[understood]))
    expected = "no reply to a notice about nothing that the contract has, and one to the next"
    mend = "Ignore a notice of which you do not know what it is about: an acknowledgement says that it is kept."
    await _acknowledged(link, understood.notice_id, expected, mend, unless=later.notice_id)


async def _acknowledged(link: HeldLink, notice_id: int, expected: str, mend: str, *, unless: int = 0) -> None:
    """Wait for the word that a notice is kept; a word about another one that must not come breaks the rule."""
    reply = NoticeReply()
    try:
        async with asyncio.timeout(SECONDS):
            while reply.notice_id != notice_id:
                reply = await link.notice_replies.get()
                if unless and reply.notice_id == unless:
                    raise Broken(expected, "a reply to the first", mend)
    except TimeoutError:
        raise Broken(expected, "none", mend) from None


def _notice(bench: Bench, person: PersonKeys) -> Notice:
    return Notice(notice_id=next(bench.hub.numbers), request_id="conformance-notice", person=person)
