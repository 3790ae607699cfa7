"""find_certificate: the newest certificate on file that fits."""

from __future__ import annotations

from connector.actions.action import Action, Flat, Given
from connector.actions.certificate_answer import flat_certificate
from connector.actions.coverage import vendor_named
from connector.actions.inputs import SearchInput, text
from connector.actions.services import Caller, Services
from connector.certificate.field import nothing
from connector.certificate.fields import FIELDS
from connector.errors import InvalidInput
from connector.storage import certificates
from connector.storage.certificates import Search


class FindInput(SearchInput):
    vendor_id = text(
        "Vendor number", help="Give your own number for the subcontractor.", choices_from="vendors"
    )
    vendor_name = text(
        "Vendor name", help="Write the subcontractor's name where you have no number."
    )
    insured_name = text("Insured", help="Write a part of the insured's name on the certificate.")


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """The newest certificate that fits all that was said; every key null when there is none."""
    number, name, insured = (given.get(n) for n in ("vendor_id", "vendor_name", "insured_name"))
    if not (number or name or insured):
        raise InvalidInput(
            "Fill in the vendor's number or name, or the insured.", field="vendor_id"
        )
    with services.readers() as session:
        wanted = Search(name=insured)
        if number or name:
            vendor = vendor_named(session, caller.account_id, number, name)
            if vendor is None:
                return nothing(FIELDS)
            wanted = Search(name=insured, vendor_id=vendor.id)
        found = certificates.search(session, caller.account_id, wanted, 1)
        return flat_certificate(session, found[0], services) if found else nothing(FIELDS)


ACTION = Action(
    name="find_certificate",
    title="Find Certificate",
    description=(
        "Finds the newest certificate on file of a vendor or an insured. Use it to see what is "
        "known before asking a subcontractor for a certificate."
    ),
    input=FindInput,
    fields=FIELDS,
    run=run,
    is_search=True,
)
