"""Every error a caller can see.

Each carries a stable code, the HTTP status that answers it, whether trying again later can
help, whether an automation should stop quietly (`halt`), and a sentence that says what happened
and what to do. Only `connector/web/errors.py` and `connector/worker/` catch them all.

    ConnectorError
     ├ InvalidInput ............ a field of the request is missing or wrong
     ├ NotAuthorized ........... no key, or a wrong one
     ├ Forbidden ............... a good key without the right to do this
     │  ├ LinkRefused .......... a signed link that is not ours
     │  └ LinkExpired .......... a signed link whose time is over
     ├ NotFound ................ no such record in this account
     ├ Conflict ................ the same idempotency key with other input
     ├ TooManyRequests ......... one key or address asked too often; trying again can help
     ├ DocumentRefused ......... the document cannot be used (automations stop)
     │  ├ EmptyFile
     │  ├ NotAPdf
     │  ├ EncryptedFile
     │  ├ DamagedFile
     │  ├ TooLarge
     │  ├ UnreadableFile ....... it stopped our reader: crash, time or memory
     │  └ NotACertificate
     ├ FetchFailed ............. the file behind a URL could not be had
     │  ├ AddressRefused ....... we never go there: a private address, no https, …
     │  ├ NotReached ........... no connection: nothing was sent, trying again is safe
     │  └ NoAnswer ............. sent, but no whole answer came: it may have been done
     ├ UnknownRuleSet
     ├ BrokenRuleSet ........... a rule file that must not be used
     ├ NotConnected ............ a destination without working credentials
     ├ DestinationRefused ...... the other system said no, and will say no again
     ├ DestinationUnavailable .. the other system did not answer; trying again can help
     ├ DatabaseUnavailable ..... our own database is away; trying again can help
     ├ MachineBusy ............. no time to read the document; trying again can help
     ├ StorageFull ............. no room for the document; trying again can help
     └ Misconfigured ........... the service must not start like this
"""

from __future__ import annotations

MESSAGE_LIMIT = 250
"""Zapier cuts longer messages; a person reads this one in a small grey box."""


class ConnectorError(Exception):
    """An error with a sentence for the office.

    `field` names the input that was wrong, if one was; `retry_after` is in seconds.
    """

    code = "error"
    status = 500
    retryable = False
    halt = False

    def __init__(
        self, message: str, *, field: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.message = shorten(message)
        self.field = field
        self.retry_after = retry_after

    def as_json(self) -> dict[str, dict[str, str | bool | None]]:
        """The one error shape of the API: code, message, field, halt."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "field": self.field,
                "halt": self.halt,
            }
        }


class InvalidInput(ConnectorError):
    code = "invalid_input"
    status = 422


class NotAuthorized(ConnectorError):
    code = "not_authorized"
    status = 401


class Forbidden(ConnectorError):
    code = "forbidden"
    status = 403


class LinkRefused(Forbidden):
    code = "link_refused"


class LinkExpired(Forbidden):
    code = "link_expired"


class NotFound(ConnectorError):
    code = "not_found"
    status = 404


class Conflict(ConnectorError):
    code = "conflict"
    status = 409
    halt = True


class TooManyRequests(ConnectorError):
    code = "rate_limited"
    status = 429
    retryable = True


class DocumentRefused(ConnectorError):
    code = "document_refused"
    status = 422
    halt = True


class EmptyFile(DocumentRefused):
    code = "empty_file"


class NotAPdf(DocumentRefused):
    code = "not_a_pdf"


class EncryptedFile(DocumentRefused):
    code = "encrypted_file"


class DamagedFile(DocumentRefused):
    code = "damaged_file"


class TooLarge(DocumentRefused):
    code = "too_large"


class UnreadableFile(DocumentRefused):
    code = "unreadable_file"


class NotACertificate(DocumentRefused):
    code = "not_a_certificate"


class FetchFailed(ConnectorError):
    code = "fetch_failed"
    status = 422


class AddressRefused(FetchFailed):
    code = "address_refused"


class NotReached(FetchFailed):
    retryable = True


class NoAnswer(FetchFailed):
    retryable = True


class UnknownRuleSet(ConnectorError):
    code = "unknown_rule_set"
    status = 422


class BrokenRuleSet(ConnectorError):
    code = "broken_rule_set"
    status = 422


class NotConnected(ConnectorError):
    code = "not_connected"
    status = 422


class DestinationRefused(ConnectorError):
    code = "destination_refused"
    status = 422


class DestinationUnavailable(ConnectorError):
    code = "destination_unavailable"
    status = 503
    retryable = True


class DatabaseUnavailable(ConnectorError):
    code = "database_unavailable"
    status = 503
    retryable = True


class MachineBusy(ConnectorError):
    code = "machine_busy"
    status = 503
    retryable = True


class StorageFull(ConnectorError):
    code = "storage_full"
    status = 507
    retryable = True


class Misconfigured(ConnectorError):
    code = "misconfigured"


def shorten(message: str, limit: int = MESSAGE_LIMIT) -> str:
    """`message` in at most `limit` characters, cut at a word."""
    if len(message) <= limit:
        return message
    return message[: limit - 1].rsplit(" ", 1)[0] + "…"
