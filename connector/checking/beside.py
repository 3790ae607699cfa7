"""What stands beside a vendor's certificates, as a check sees it: notices made into a packet's parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from connector.certificate.entry import Entry
from connector.certificate.model import LINES, Certificate
from connector.certificate.names import Likeness, compare
from connector.certificate.notices import CancellationNotice, ExemptionNotice
from connector.checking.lone_pages import terms_of
from connector.checking.packet import Cancellation, Exemption, LonePage, Packet, Rating

OF_ANOTHER = "It came with the documents of another vendor."
OTHER_NAME = "It is issued to {name}."
UNKNOWN_STATE = "an unknown state"


def packet_of_documents(
    certificates: Iterable[Certificate],
    cancellations: Iterable[CancellationNotice],
    exemptions: Iterable[ExemptionNotice],
    vendor_name: str | None = None,
    ratings: Mapping[str, Rating] | None = None,
    endorsements: Iterable[LonePage] = (),
) -> Packet:
    """The packet of one vendor's documents, where nothing else is on file.

    Its own earlier terms are among the certificates. Without a name the vendor is the insured.
    """
    found = tuple(certificates)
    name = vendor_name or (found[0].insured.name.value if found else None)
    return Packet(
        certificates=found,
        previous=found,
        cancellations=tuple(
            cancellation
            for notice in cancellations
            for cancellation in cancellations_of(found, notice, is_theirs=True)
        ),
        exemptions=tuple(exemption_of(name, notice) for notice in exemptions),
        endorsements=tuple(
            replace(each, terms=terms_of(each.page, found)) for each in endorsements
        ),
        ratings=ratings or {},
    )


def cancellations_of(
    certificates: Collection[Certificate],
    notice: CancellationNotice,
    *,
    is_theirs: bool,
    is_anothers: bool = False,
) -> Iterator[Cancellation]:
    """What a notice means for these certificates: one cancellation for each policy it names.

    `is_theirs`: it came for this vendor, so it counts even where it names no known policy;
    `is_anothers`: it came for a certain other vendor.
    """
    named = [number for number in policy_numbers(certificates) if notice.names(number)]
    doubt = " ".join(filter(None, (notice.doubt, OF_ANOTHER if is_anothers else None))) or None
    for number in named:
        yield Cancellation(number, notice.ends, notice.noticed, doubt)
    if named or not is_theirs:
        return
    if not notice.is_number_sure:
        yield Cancellation(None, notice.ends, notice.noticed, doubt)
    elif not _all_numbers_read(certificates):
        yield Cancellation(notice.policy_number, notice.ends, notice.noticed, doubt)


def _all_numbers_read(certificates: Iterable[Certificate]) -> bool:
    """Whether every line that is there says its policy number for certain."""
    lines = [getattr(certificate, name) for certificate in certificates for name in LINES]
    return all(line.policy_number.is_read or line.expiration_date.is_blank for line in lines)


def policy_numbers(certificates: Iterable[Certificate]) -> list[str]:
    """Every policy number on the certificates, sure or not, each once."""
    entries: list[Entry[Any]] = [
        getattr(certificate, line).policy_number for certificate in certificates for line in LINES
    ]
    return list(dict.fromkeys(entry.value for entry in entries if entry.value))


def exemption_of(vendor_name: str | None, notice: ExemptionNotice) -> Exemption:
    """What an exemption means for a vendor: in doubt where it names another business."""
    doubts = [notice.doubt]
    same = (
        vendor_name is not None
        and notice.name is not None
        and compare(vendor_name, notice.name) is Likeness.SAME
    )
    if notice.name is not None and not same:
        doubts.append(OTHER_NAME.format(name=notice.name))
    return Exemption(
        state=notice.state or UNKNOWN_STATE,
        expires=notice.expires,
        number=notice.number,
        doubt=" ".join(filter(None, doubts)) or None,
    )
