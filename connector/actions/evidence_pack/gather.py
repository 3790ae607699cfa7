"""What belongs into a vendor's evidence pack: rows of the vendor, for one project or for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from connector.errors import NotFound
from connector.storage import (
    audit,
    cancellations,
    certificates,
    checks,
    coverage_lines,
    endorsement_pages,
    exemptions,
    mails,
    pushes,
    waivers,
)
from connector.storage.audit import AuditEntry
from connector.storage.cancellations import StoredCancellation
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.endorsement_pages import StoredEndorsementPage
from connector.storage.exemptions import StoredExemption
from connector.storage.mails import StoredMail
from connector.storage.pushes import StoredPush
from connector.storage.vendors import StoredVendor
from connector.storage.waivers import StoredWaiver

_PAGE = 100

Numbered = TypeVar(
    "Numbered", StoredCheck, StoredMail, StoredPush, StoredWaiver, StoredCancellation, AuditEntry
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The certificates and the checks that a pack is about, by id. `project` None is all of them."""

    project: str | None
    certificate_ids: tuple[str, ...]
    check_ids: frozenset[str]

    def belongs(self, row: StoredMail | StoredPush) -> bool:
        """What went out without a check, or with one of another project, is left out of a project's."""
        return self.project is None or row.check_id in self.check_ids


def choose(session: Session, vendor: StoredVendor, project: str | None) -> Chosen:
    """NotFound for a project that no check of this vendor was made for."""
    made = list(checks_of(session, vendor))
    if project is None:
        every = _ids_of_vendor(session, vendor)
        looked_at = {check.certificate_id for check in made}
        return Chosen(
            None, (*every, *sorted(looked_at - set(every))), frozenset(c.id for c in made)
        )
    asked = [check for check in made if check.project == project]
    if not asked:
        raise NotFound(f"No check of this vendor was made for the project “{project[:60]}”.")
    about = {check.certificate_id for check in asked}
    about |= {each for check in asked for each in check.context.get("certificates", ())}
    known = [each for each in _ids_of_vendor(session, vendor) if each in about]
    return Chosen(project, tuple(known), frozenset(check.id for check in asked))


def checks_of(session: Session, vendor: StoredVendor) -> Iterator[StoredCheck]:
    """Every check of the vendor, the newest first."""
    yield from paged(partial(checks.search, session, vendor.account_id, vendor_id=vendor.id))


def pushes_of(session: Session, account_id: str, chosen: Chosen) -> Iterator[StoredPush]:
    """What was sent to other systems, with what came back."""
    for certificate_id in chosen.certificate_ids:
        find = partial(pushes.search, session, account_id, certificate_id=certificate_id)
        yield from filter(chosen.belongs, paged(find))


def mails_of(session: Session, account_id: str, chosen: Chosen) -> Iterator[StoredMail]:
    """The mails that went out, one for each recipient."""
    for certificate_id in chosen.certificate_ids:
        find = partial(mails.search, session, account_id, certificate_id=certificate_id)
        yield from filter(chosen.belongs, paged(find))


def waivers_of(session: Session, vendor: StoredVendor) -> Iterator[StoredWaiver]:
    """Every waiver of the vendor, those taken back too."""
    yield from paged(partial(waivers.search, session, vendor.account_id, vendor_id=vendor.id))


def cancellations_of(session: Session, vendor: StoredVendor) -> Iterator[StoredCancellation]:
    """The notices of cancellation that came for the vendor or name a policy of its certificates."""
    lines = coverage_lines.of_vendor(session, vendor.account_id, vendor.id)
    policies = {line.policy_number for line in lines if line.policy_number}
    for row in paged(partial(cancellations.search, session, vendor.account_id)):
        if row.vendor_id == vendor.id or any(map(row.notice.names, policies)):
            yield row


def endorsements_of(session: Session, vendor: StoredVendor) -> Sequence[StoredEndorsementPage]:
    """The endorsement pages that came without a certificate and are for the vendor."""
    return endorsement_pages.of_vendor(session, vendor.account_id, vendor.id)


def exemptions_of(session: Session, vendor: StoredVendor) -> Sequence[StoredExemption]:
    """The vendor's exemptions from workers' compensation."""
    return exemptions.of_vendor(session, vendor.account_id, vendor.id)


def document_ids_beside(session: Session, vendor: StoredVendor) -> Iterator[str]:
    """What endorsement pages, notices of cancellation and exemptions came in."""
    for rows in (endorsements_of, cancellations_of, exemptions_of):
        yield from (row.document_id for row in rows(session, vendor))


def entries_of(session: Session, vendor: StoredVendor, chosen: Chosen) -> Iterator[AuditEntry]:
    """The audit log about the vendor; of certificates, about the chosen ones."""
    find = partial(
        audit.about, session, vendor.account_id, vendor.id, certificate_ids=chosen.certificate_ids
    )
    for row in paged(find):
        if row.certificate_id is None or row.certificate_id in chosen.certificate_ids:
            yield row


def paged(search: Callable[..., Sequence[Numbered]]) -> Iterator[Numbered]:
    """All rows of a search that takes `before` and `limit`, a page in memory at a time."""
    before: int | None = None
    while rows := search(before=before, limit=_PAGE):
        yield from rows
        before = rows[-1].number


def _ids_of_vendor(session: Session, vendor: StoredVendor) -> list[str]:
    ids: list[str] = []
    before: int | None = None
    while rows := certificates.search(
        session, vendor.account_id, certificates.Search(vendor_id=vendor.id, before=before), _PAGE
    ):
        ids += [row.id for row in rows]
        before = rows[-1].number
    return ids


def certificate(session: Session, vendor: StoredVendor, certificate_id: str) -> StoredCertificate:
    """One of the chosen certificates."""
    return certificates.get(session, vendor.account_id, certificate_id)
