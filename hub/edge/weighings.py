"""What is to be weighed, read from the contract's words."""

from collections.abc import Mapping

from sharing.v1 import policies_pb2

from hub.agreeing.weighing import Asked, Weighing, Which
from hub.edge.process_messages import number_in
from hub.errors import InvalidRequest, NotHeld
from hub.model.policy import Office


class Weighings:
    """Has done what a request says."""

    def __init__(self, weighing: Weighing) -> None:
        """Take the room that weighs."""
        self._weighing = weighing

    async def texts(self, which: policies_pb2.Which) -> Mapping[str, bytes]:
        """Return the files of one policy."""
        return await self._weighing.texts(_which(which))

    async def weigh(self, request: policies_pb2.WeighRequest) -> bytes:
        """Return what was worked out, as JSON; raise InvalidRequest when it is not said what that is to be."""
        which = _which(request.which)
        match request.weighing:
            case policies_pb2.WEIGHING_MATRIX:
                return await self._weighing.matrix(which, request.access_level)
            case policies_pb2.WEIGHING_DIFFERENCE:
                return await self._weighing.difference(which, _which(request.against))
            case policies_pb2.WEIGHING_EXPLANATION:
                return await self._weighing.explanation(which, _asked(request))
            case policies_pb2.WEIGHING_REHEARSAL:
                return await self._weighing.rehearsal(which, request.last)
            case policies_pb2.WEIGHING_REVIEWS:
                return await self._weighing.reviews(request.days)
            case _:
                mend = "Say which of the weighings it is to be."
                raise InvalidRequest("WEIGHING_MISSING", "It is not said what to weigh.", mend=mend, field="weighing")


def _which(message: policies_pb2.Which) -> Which:
    if message.WhichOneof("which") == "publication" and not number_in(message.publication):
        mend = "See which there have been with: hub policy history"
        raise NotHeld("NO_SUCH_PUBLICATION", "No policy was published under this number.", mend=mend)
    return Which(proposal=message.proposal, publication=message.publication)


def _asked(request: policies_pb2.WeighRequest) -> Asked:
    return Asked(
        user_name=request.user_name,
        office=Office(request.access_level, request.agency, tuple(request.areas)),
        question=request.question,
        source=request.source,
        purpose=request.purpose,
    )
