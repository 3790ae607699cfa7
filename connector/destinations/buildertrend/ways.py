"""How certificates get into Buildertrend, each with the clicks that are left to a person.

The clicks are those of Buildertrend's help centre and of a builder's published procedure.
"""

from __future__ import annotations

from connector.delivery import Way

DESTINATION = "buildertrend"

PACKET = Way(
    "packet",
    "Unpack the linked file and, for each sub in its list, click in Buildertrend: person icon (top "
    "right) > Subs/Vendors > the company > Additional info > the certificate > Choose file, set "
    "its expiration date, Save; then acknowledge this push.",
    together=True,
)
SELF_UPLOAD = Way(
    "self_upload",
    "Send the mail and the PDF in the linked file to the subcontractor, who uploads the "
    "certificate in Buildertrend under user icon > Settings > Certificates; then acknowledge this "
    "push.",
    accepted_only=True,
)
IMPORT = Way(
    "import",
    "Import the linked file in Buildertrend where you downloaded the template, under Subs/Vendors "
    "> import, and look through the preview for doubles; then acknowledge this push.",
    together=True,
)

WAYS = {way.name: way for way in (PACKET, SELF_UPLOAD, IMPORT)}
