"""How certificates get into GCPay, each with the clicks that are left to a person.

The clicks are those of GCPay's help centre ("How do I approve a GCPay compliance item").
"""

from __future__ import annotations

from connector.delivery import Way

DESTINATION = "gcpay"

VERIFY = (
    "In GCPay, for what is compliant: your project > Compliance > the subcontractor > the item > "
    "Verify > Done."
)

COVER_SHEET = Way(
    "cover_sheet",
    "Mail the linked PDF to the address on the cover sheet, each PDF as an attachment of its own. "
    f"{VERIFY} Then acknowledge this push.",
    accepted_only=True,
)
VERIFY_LIST = Way(
    "verify_list",
    f"Open the linked list and go through it. {VERIFY} Then acknowledge this push.",
    together=True,
)
ERP_CSV = Way(
    "erp_csv",
    "Import the linked file into the accounting system that GCPay reads compliance from, as its "
    "vendor compliance records. Then acknowledge this push.",
    together=True,
)

WAYS = {way.name: way for way in (COVER_SHEET, VERIFY_LIST, ERP_CSV)}
