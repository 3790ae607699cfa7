"""push_to_procore: a checked certificate's lines as the vendor's insurance records."""

from __future__ import annotations

from dataclasses import replace

from connector.actions import pushing
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, text
from connector.actions.services import Caller, Services
from connector.delivery import PUSH_FIELDS
from connector.destinations.procore.deliver import deliver
from connector.errors import NotConnected
from connector.storage import accounts, connections
from connector.storage.pushes import Key

DESTINATION = "procore"


class PushInput(Input):
    certificate_id = text(
        "Certificate",
        help="The certificate's number from an earlier step.",
        required=True,
        choices_from="certificates",
    )
    check_id = text(
        "Check",
        help="The check it is pushed with; the certificate's newest when left empty.",
        choices_from="checks",
    )
    procore_vendor_id = text(
        "Procore vendor",
        help="The vendor in Procore, when its name there differs from the insured's.",
        choices_from="procore_vendors",
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Bring Procore to what the certificate and its check say; sending again changes nothing."""
    with services.sessions() as session:
        stored = connections.of_destination(session, caller.account_id, DESTINATION)
        if stored is None:
            raise NotConnected(
                "Procore is not connected to this account. Connect it first: docs/procore.md "
                "says how."
            )
        account = accounts.get(session, caller.account_id)
        parcel = pushing.parcel(
            session, caller, given["certificate_id"], given.get("check_id"), services
        )
    connection = services.connect(stored)
    delivery = pushing.to_vendor(parcel.delivery, given.get("procore_vendor_id"))
    parcel = replace(parcel, delivery=delivery)
    key = Key(
        stored.id,
        DESTINATION,
        str(stored.settings.get("project_id") or stored.settings.get("company_id")),
        delivery.known_vendor_id or delivery.vendor.id or delivery.vendor.name,
        pushing.digest_with_notice(delivery),
    )
    address = stored.settings.get("api_url") or services.settings.procore_api_url
    connection = replace(connection, settings={**connection.settings, "api_url": address})
    door = services.outbound.trusting(address)
    return pushing.push(
        caller,
        parcel,
        key,
        lambda: deliver(delivery, connection, door, services.today(account)),
        services,
        waits_for_review=False,  # `deliver` holds it back, unless the connection sends undecided
    )


ACTION = Action(
    name="push_to_procore",
    title="Push Certificate to Procore",
    description=(
        "Writes a checked certificate into Procore: one vendor insurance per coverage line, with "
        "status, dates and limit. Use it after Check Certificate; sending it again changes nothing."
    ),
    input=PushInput,
    fields=PUSH_FIELDS,
    run=run,
    destination=DESTINATION,
)
