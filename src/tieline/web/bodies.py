"""Bodies that are too large are thrown away as they come: Django would put them on the disk first,
however large, and of one without a length it would never ask how large it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["BoundedBodies"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application; each names the three in types of its own."""

_LENGTH = b"content-length"


@dataclass(frozen=True, slots=True)
class BoundedBodies:
    """Hands on whole bodies of `most` bytes; of a larger one the length alone, to be refused by."""

    app: App
    most: int

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = dict(scope)
        await self.app(asked, _Body(asked, receive, self.most).next, send)


@dataclass(slots=True)
class _Body:
    scope: Message
    receive: Receive = field(repr=False)
    most: int
    read: int = 0

    async def next(self) -> Message:
        message = await self.receive()
        if not self._is_beyond(message):
            return message
        # The sender goes on to the end, and reads the answer then; nothing of it is kept.
        while message.get("more_body"):
            message = await self.receive()
            if not self._is_beyond(message):
                return message
        others = [one for one in self.scope["headers"] if one[0] != _LENGTH]
        self.scope["headers"] = [*others, (_LENGTH, str(self.read).encode())]
        return {"type": "http.request", "body": b"", "more_body": False}

    def _is_beyond(self, message: Message) -> bool:
        if message["type"] != "http.request":
            return False
        self.read += len(message.get("body", b""))
        return self.read > self.most
