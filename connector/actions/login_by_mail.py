"""A one-time login link by mail, for whoever has the password not at hand.

The worker makes the link when it sends the mail: a job holds no secret, and the page that asks
for it answers alike and as fast whether the address is anybody's or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connector.actions.mail_to_person import mail_to
from connector.actions.services import Services
from connector.storage import login_links, users

LASTS = timedelta(minutes=30)
SUBJECT = "Your link to log in to the COI connector"
TEXT = """Hello {name},

this link logs you in. It works once, for {minutes} minutes:

{link}

Did you not ask for it? Then leave it alone; nobody gets in without it.
"""


def send(account_id: str, given: Mapping[str, Any], services: Services) -> dict[str, Any]:
    """Mail a new link to the person; nothing to whoever was let out meanwhile.

    Older links stay good for their time: anybody may ask, and nobody shall end the link that
    an administrator has just handed to a colleague.
    """
    now = services.clock()
    with services.sessions() as session, session.begin():
        person = users.get(session, account_id, given["user_id"])
        if person.ended_at is not None:
            return {"status": "let_out"}
        email, name = person.email, person.name
        secret = login_links.create(session, person, LASTS, now, ends_older=False)
    link = services.page_url(f"/login/link/{secret}")
    minutes = LASTS // timedelta(minutes=1)
    text = TEXT.format(name=name, minutes=minutes, link=link)
    mail_to(email, SUBJECT, text, services.settings, now)
    return {"status": "sent"}
