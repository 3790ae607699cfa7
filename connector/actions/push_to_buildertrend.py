"""push_to_buildertrend: what a person needs to carry a certificate into Buildertrend."""

from __future__ import annotations

from dataclasses import replace

from connector.actions import preparing, pushing
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, choice, text
from connector.actions.preparing import Work
from connector.actions.services import Caller, Services
from connector.delivery import PUSH_FIELDS
from connector.destinations.buildertrend.content import content
from connector.destinations.buildertrend.ways import DESTINATION, IMPORT, PACKET, WAYS
from connector.errors import NotConnected
from connector.storage import connections


class BuildertrendInput(Input):
    certificate_id = text(
        "Certificate",
        help="Map the certificate's number from an earlier step.",
        required=True,
        choices_from="certificates",
    )
    check_id = text(
        "Check",
        help="Choose the check it is pushed with. Leave it empty for the certificate's newest.",
        choices_from="checks",
    )
    mode = choice(
        "Way",
        help="Choose `packet` for a folder with the PDFs and a list, `self_upload` for a "
        "mail for the subcontractor, `import` for your own template filled in. Leave "
        "it empty for the account's own.",
        choices=tuple(WAYS),
    )
    buildertrend_name = text(
        "Name in Buildertrend",
        help="Write the sub's name in Buildertrend when it differs from the vendor's.",
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Prepare the files and say which clicks are left; nothing is sent to Buildertrend."""
    with services.sessions() as session:
        stored = connections.of_destination(session, caller.account_id, DESTINATION)
        chosen = dict(stored.settings) if stored else {}
        parcel = pushing.parcel(session, caller, given, services)
        document = preparing.document_of(session, caller, parcel)
    way = WAYS[given.get("mode") or chosen.get("mode") or PACKET.name]
    parcel = replace(parcel, chosen={**parcel.chosen, "mode": way.name})
    name = given.get("buildertrend_name") or parcel.delivery.vendor.name
    found = content(parcel.delivery, name, document.sha256, document.name)
    if way is IMPORT:
        if not chosen.get("template_sha256"):
            raise NotConnected(
                "Buildertrend's import needs your own template: download it there, then run "
                "`connector buildertrend set --template FILE --column TITLE=KEY`; "
                "docs/buildertrend.md shows it."
            )
        found |= {key: chosen[key] for key in ("template_sha256", "columns")}
    work = Work(DESTINATION, way, name, parcel.delivery.vendor.id, found)
    return preparing.prepare(caller, parcel, work, services)


ACTION = Action(
    name="push_to_buildertrend",
    title="Prepare Certificate for Buildertrend",
    description=(
        "Prepares what a person needs to carry a checked certificate into Buildertrend, with a "
        "link and the clicks that are left. Use it after Check Certificate; then acknowledge it."
    ),
    input=BuildertrendInput,
    fields=PUSH_FIELDS,
    run=run,
    destination=DESTINATION,
)
