"""How certificates get into GCPay, each with the clicks that are left to a person.

The clicks are those of GCPay's help centre ("How do I approve a GCPay compliance item").
"""

from __future__ import annotations

from connector.delivery import Way

DESTINATION = "gcpay"

VERIFY = (
    "click in GCPay: your project > Compliance > the subcontractor > the item > Verify > Done; then "
    "acknowledge this push."
)
"""The end of a sentence."""

COVER_SHEET = Way(
    "cover_sheet",
    "Mail each linked PDF, as an attachment of its own, to the address on its cover sheet, and once "
    f"it has arrived {VERIFY}",
    accepted_only=True,
)
VERIFY_LIST = Way(
    "verify_list",
    f"Open the linked list and, for each row that says compliant, {VERIFY}",
    together=True,
)
ERP_CSV = Way(
    "erp_csv",
    "Import the linked file into the accounting system that GCPay reads compliance from, as its "
    "vendor compliance records; then acknowledge this push.",
    together=True,
)

WAYS = {way.name: way for way in (COVER_SHEET, VERIFY_LIST, ERP_CSV)}
