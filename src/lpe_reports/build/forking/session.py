"""A kernel's session whose messages go through the notebook's channel instead of ZeroMQ."""

import base64
from typing import Any

from jupyter_client.session import Session

from .channel import Channel


class ChannelSession(Session):
    """What shell, display hook and streams send by; packs as an ordinary kernel does.

    Fields:
        channel: Where it goes; set before anything is sent.
    """

    channel: Channel

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(key=b"", **kwargs)

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Send a message; all streams are one here."""
        message = msg_or_type
        if isinstance(message, str):
            message = self.msg(message, content, parent, header, metadata)
        sent = {
            "type": message["header"]["msg_type"],
            "parent": (message.get("parent_header") or {}).get("msg_id"),
            "content": message["content"],
        }
        if found := buffers or message.get("buffers"):
            sent["buffers"] = [base64.b64encode(bytes(part)).decode() for part in found]
        self.channel.send_bytes(self.pack(sent))
        return message
