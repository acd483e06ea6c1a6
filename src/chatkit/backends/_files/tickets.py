"""Tickets: short-lived permission to do one thing with one file, signed, so that nothing has to be stored."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal

from chatkit.errors import AccessDeniedError

__all__ = ["Ticket", "Tickets"]

Deed = Literal["write", "read", "preview"]
_SEAL: Final = "~"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What its bearer may do."""

    id: str
    deed: Deed
    expires: int
    name: str = ""
    mime_type: str = ""
    size: int = 0


class Tickets:
    """Signs and checks."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        if len(secret) < 16:
            raise ValueError("The secret that signs upload addresses is too short: give 16 bytes or more.")
        self._key = hashlib.sha256(b"chatkit attachments " + secret).digest()
        self._clock = clock

    def write(self, ticket: Ticket) -> str:
        body = json.dumps(asdict(ticket), separators=(",", ":")).encode()
        return f"{_encode(body)}.{_encode(self._sign(body))}"

    def read(self, text: str, attachment_id: str) -> Ticket:
        """What the ticket allows.

        :raises AccessDeniedError: it is not ours, was changed, is for another file, or has run out.
        """
        try:
            body, signature = (_decode(part) for part in text.split("."))
        except (ValueError, binascii.Error) as error:
            raise _denied("The address is not complete.") from error
        if not hmac.compare_digest(signature, self._sign(body)):
            raise _denied("The signature of the address is wrong.")
        ticket = Ticket(**json.loads(body))
        if ticket.id != attachment_id:
            raise _denied("The address is for another file.")
        if ticket.expires < self._clock():
            raise _denied("The address has expired.")
        return ticket

    def seal(self, text: str, place: str) -> str | None:
        """A ticket as it may be kept at a place: it opens nothing. None when it is no ticket of ours, or has run out.

        One that has run out would come back to life: whoever finds one could have it sealed by saying it in a chat.
        """
        body, _, signature = text.partition(".")
        try:
            raw = _decode(body)
            if not hmac.compare_digest(_decode(signature), self._sign(raw)):
                return None
            if Ticket(**json.loads(raw)).expires < self._clock():
                return None
        except (ValueError, TypeError, binascii.Error):
            return None
        return f"{body}.{_SEAL}{_encode(self._seal(raw, place))}"

    def unseal(self, text: str, place: str, seconds: float) -> str | None:
        """A fresh ticket for one that was sealed for this place. None when it was not.

        Words of a chat can look like a sealed ticket: only what this very key sealed, for this very place, is signed.
        """
        body, _, mark = text.partition(f".{_SEAL}")
        try:
            raw = _decode(body)
            if not hmac.compare_digest(_decode(mark), self._seal(raw, place)):
                return None
            ticket = Ticket(**json.loads(raw))
        except (ValueError, TypeError, binascii.Error):
            return None
        return self.write(replace(ticket, expires=self.expiry(seconds)))

    def _seal(self, raw: bytes, place: str) -> bytes:
        return hmac.digest(self._key, b"sealed for " + place.encode() + b"\x00" + raw, "sha256")

    def expiry(self, seconds: float) -> int:
        return int(self._clock() + seconds)

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


def _denied(message: str) -> AccessDeniedError:
    return AccessDeniedError(
        message, code="attachment.denied", hint="Load the thread again to get a fresh one."
    )


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
