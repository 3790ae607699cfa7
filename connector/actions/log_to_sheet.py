"""log_to_sheet: one row per certificate in the tracking log."""

from __future__ import annotations

from pathlib import Path

from connector.actions import pushing
from connector.actions.action import Action, Flat, Given
from connector.actions.inputs import Input, text
from connector.actions.services import Caller, Services
from connector.certificate.field import Field
from connector.certificate.fields import FIELDS
from connector.certificate.flat import flatten
from connector.checking.outcome import CHECK_FIELDS
from connector.delivery import PUSH_FIELDS
from connector.destinations.csv import log
from connector.settings import Settings
from connector.storage import accounts, checks
from connector.storage.pushes import Key

TOO_LONG_FOR_A_CELL = {"notice_text", "notice_html"}

ROW_FIELDS: tuple[Field, ...] = FIELDS + tuple(
    field.prefixed("check", "Check")
    for field in CHECK_FIELDS
    if field.key not in TOO_LONG_FOR_A_CELL
)
"""The columns of the log: the certificate's keys bare, the check's as `check_…`."""


class LogInput(Input):
    certificate_id = text(
        "Certificate",
        help="The certificate's number from an earlier step.",
        required=True,
        choices_from="certificates",
    )
    check_id = text(
        "Check",
        help="The check to log; the certificate's newest when left empty.",
        choices_from="checks",
    )


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """Write the certificate's row into the account's log, in place of an older one."""
    with services.sessions() as session:
        parcel = pushing.parcel(
            session, caller, given["certificate_id"], given.get("check_id"), services
        )
        account = accounts.get(session, caller.account_id)
        check = checks.get(session, caller.account_id, parcel.check_id)
        row = log_row(
            flatten(
                parcel.delivery.certificate,
                services.today(account),
                parcel.delivery.links["certificate"],
            ),
            check.flat,
        )
    path = log_path(services.settings, account.id)
    key = Key(
        None, "csv", "certificates.csv", parcel.certificate_id, pushing.digest(parcel.delivery)
    )
    return pushing.push(
        caller, parcel, key, lambda: log.upsert(path, row), services, waits_for_review=False
    )


def log_path(settings: Settings, account_id: str) -> Path:
    """Where an account's local log lies."""
    return settings.data_dir / "logs" / account_id / "certificates.csv"


def log_row(certificate: Flat, check: Flat) -> Flat:
    """A row of the log: ROW_FIELDS in order. The cell of a doubtful value stays empty."""
    prefixed = {f"check_{key}": value for key, value in check.items()}
    doubtful = dict.fromkeys(str(certificate["unclear_fields"] or "").split(", "))
    said = certificate | prefixed | doubtful
    return {field.key: said.get(field.key) for field in ROW_FIELDS}


ACTION = Action(
    name="log_to_sheet",
    title="Log Certificate",
    description=(
        "Writes one row per certificate into the tracking log, in place of its older row. Use it "
        "after a check; sending the same certificate again changes nothing."
    ),
    input=LogInput,
    fields=PUSH_FIELDS,
    run=run,
    destination="csv",
)
