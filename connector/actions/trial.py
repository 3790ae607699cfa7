"""A certificate tried out: read, checked and drawn, and nothing of it kept or told."""

from __future__ import annotations

from dataclasses import dataclass

from connector.actions.action import Flat
from connector.actions.notice_templates import templates_of
from connector.actions.services import Caller, Services
from connector.certificate.flat import flatten
from connector.certificate.model import Certificate
from connector.checking.beside import packet_of_documents
from connector.checking.evaluate import evaluate
from connector.checking.notice import Notice, write_notice
from connector.checking.outcome import flatten_verdict
from connector.checking.rule_set import named
from connector.checking.verdict import Context, Status
from connector.errors import NotACertificate
from connector.storage import accounts, ratings


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `picture` is a PNG of the page with its values outlined."""

    certificate: Certificate
    flat: Flat
    check: Flat
    notice: Notice | None
    picture: bytes
    count: int


def try_out(data: bytes, name: str, rule_set: str, caller: Caller, services: Services) -> Trial:
    """Read the document's first certificate and check it against a rule set, as of today.

    Raises DocumentRefused and its children, UnknownRuleSet.
    """
    rules = named(dict(services.rule_sets), rule_set)
    opened = services.reader.open(data, name)
    found = opened.found or services.reader.read(opened.document)
    if not found.certificates:
        raise NotACertificate(
            "This is no certificate but what comes beside one. Send the certificate to try."
        )
    certificate = found.certificates[0]
    with services.readers() as session:
        account = accounts.get(session, caller.account_id)
        rated = ratings.find(session, account.id)
    on = services.today(account)
    packet = packet_of_documents(
        (certificate,), found.cancellations, found.exemptions, ratings=rated
    )
    about = Context(legal_names=tuple(account.legal_names))
    verdict = evaluate(packet, rules, about, on)
    notice = None
    if verdict.status is Status.NON_COMPLIANT:
        notice = write_notice(packet, verdict, about, templates_of(account))
    return Trial(
        certificate=certificate,
        flat=flatten(certificate, on),
        check=flatten_verdict(verdict, about, packet, notice=notice),
        notice=notice,
        picture=services.reader.show_values(opened.document, certificate),
        count=len(found.certificates),
    )
