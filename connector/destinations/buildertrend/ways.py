"""How certificates get into Buildertrend, each with the clicks that are left to a person.

The clicks are those of Buildertrend's help centre and of a builder's published procedure.
"""

from __future__ import annotations

from connector.delivery import Way

DESTINATION = "buildertrend"

PACKET = Way(
    "packet",
    "Unpack the linked file. In Buildertrend: person icon (top right) > Subs/Vendors > the company "
    "> Additional info > the certificate > Choose file; set its expiration date; Save. Then acknowledge.",
    together=True,
)
SELF_UPLOAD = Way(
    "self_upload",
    "Send the mail in the linked file to the subcontractor, who uploads the certificate under: "
    "user icon > Settings > Certificates. Then acknowledge this push.",
    accepted_only=True,
)
IMPORT = Way(
    "import",
    "Import the linked file where you downloaded the template in Buildertrend (Subs/Vendors > "
    "import), and look through the preview for doubles. Then acknowledge this push.",
    together=True,
)

WAYS = {way.name: way for way in (PACKET, SELF_UPLOAD, IMPORT)}
