"""An agency's adapter whose records say that consent was refused, until it is told to say something else."""

from collections.abc import Sequence

from sharing.v1 import links_pb2, records_pb2

from tests.lib.good_adapter import GoodAdapter, truthful_reply

REFUSED = records_pb2.Terms(consent=records_pb2.Consent(state=records_pb2.CONSENT_STATE_REFUSED))


class RefusingAdapter(GoodAdapter):
    """Answers about concerns, and says of each record that those who decide have refused."""

    def __init__(self, agency: str, *, terms: records_pb2.Terms = REFUSED) -> None:
        """Answer for an agency, with these terms."""
        super().__init__(agency)
        self.terms = terms

    async def _answer(self, asks: Sequence[links_pb2.Ask]) -> None:
        replies = [self._reply(ask) for ask in asks]
        await self.stream.write(links_pb2.ConnectRequest(replies=replies))
        self.answered += [ask.ask_id for ask in asks]

    def _reply(self, ask: links_pb2.Ask) -> links_pb2.Reply:
        reply = truthful_reply(self.agency, ask)
        columns = list(reply.records.columns)
        if "concern_kind" in columns:
            reply.records.cells[columns.index("concern_kind")] = "neglect"
        reply.records.terms.append(self.terms)
        reply.records.terms_of_row.append(1)
        return reply
