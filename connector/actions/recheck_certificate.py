"""recheck_certificate: the last check asked again, and every place it was sent to brought up to date."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from connector.actions import review
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, text
from connector.actions.services import Caller, Services
from connector.checking.outcome import CHECK_FIELDS
from connector.storage import checks, standing

NAME = "recheck_certificate"


class RecheckInput(Input):
    certificate_id = text(
        "Certificate",
        help="Map the certificate's number from an earlier step.",
        required=True,
        choices_from="certificates",
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """The certificate's newest check, as it comes out now; those for other projects with it."""
    return review.finish(caller, given["certificate_id"], services)


def soon(
    session: Session, caller: Caller, certificate_ids: Iterable[str], services: Services
) -> list[str]:
    """Let the worker ask every check again that looked at one of these, in the session's
    transaction. The certificates that these checks are kept under."""
    found = checks.concerning(session, caller.account_id, tuple(dict.fromkeys(certificate_ids)))
    checked = list(dict.fromkeys(check.certificate_id for check in found))
    for certificate_id in checked:
        services.enqueue(session, caller, NAME, {"certificate_id": certificate_id})
    return checked


def vendor_soon(session: Session, caller: Caller, vendor_id: str, services: Services) -> list[str]:
    """The same for all that still speak for the vendor: something else about it has changed."""
    return soon(
        session, caller, standing.of_vendor(session, caller.account_id, vendor_id), services
    )


ACTION = Action(
    name=NAME,
    title="Check Certificate Again",
    description=(
        "Asks the certificate's last check again as things are now, and brings every place it was "
        "sent to up to date. Use it after a value was corrected or a rule set changed."
    ),
    input=RecheckInput,
    fields=CHECK_FIELDS,
    run=run,
)
