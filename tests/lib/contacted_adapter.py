"""An agency's adapter whose journal takes requests for contact, and remembers them."""

from sharing.v1 import links_pb2

from tests.lib.good_adapter import GoodAdapter


class ContactedAdapter(GoodAdapter):
    """Says of every contact that the journal holds it."""

    def __init__(self, agency: str) -> None:
        """Answer for an agency."""
        super().__init__(agency)
        self.contacts: list[links_pb2.Contact] = []

    async def _take(self, message: links_pb2.ConnectResponse) -> None:
        await super()._take(message)
        if message.contacts:
            self.contacts += message.contacts
            replies = [links_pb2.ContactReply(contact_id=contact.contact_id) for contact in message.contacts]
            await self.stream.write(links_pb2.ConnectRequest(contact_replies=replies))
