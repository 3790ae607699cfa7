"""Endorsement pages that came alone, as examples write them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from connector.certificate.endorsement_page import EndorsementPage
from connector.certificate.entry import Evidence, Source
from connector.certificate.model import Certificate
from connector.checking.form_equivalence import parse_form
from connector.checking.lone_pages import terms_of
from connector.checking.packet import LonePage


@dataclass(frozen=True, slots=True)
class Endorsement:
    """`form` as printed, with its edition; `names` of its schedule joined by "; "; it came on the day
    of the example unless `came` says otherwise."""

    form: str
    policy_number: str | None = None
    names: str | None = None
    insured: str | None = None
    effective: date | None = None
    expires: date | None = None
    came: date | None = None


def lone_page(said: Endorsement, on: date, certificates: Collection[Certificate]) -> LonePage:
    """The page among a vendor's certificates."""
    page = EndorsementPage(
        page=1,
        source=Source.TEXT_LAYER,
        printed=parse_form(said.form),
        title=said.form,
        policy_number=str(said.policy_number) if said.policy_number else None,
        names=tuple(said.names.split("; ")) if said.names else (),
        evidence=Evidence(1, None, said.form, Source.TEXT_LAYER),
        effective=said.effective,
        expires=said.expires,
        insured=said.insured,
    )
    return LonePage(page, said.came or on, None, terms_of(page, certificates))
