"""The endorsement forms that a packet holds, and those it only names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connector.certificate.endorsement_forms import Form
from connector.certificate.entry import BLANK, Entry
from connector.checking.case import Case, is_of_another_policy, is_of_another_term
from connector.checking.form_equivalence import known_numbers, parse_form
from connector.checking.rule_tests.endorsements import WHICH_TERM
from connector.checking.subject import Subject


@dataclass(frozen=True, slots=True)
class FormsOnFile:
    """The forms a packet names and those whose page it holds; `odd` are numbers nobody knows."""

    stated: tuple[Form, ...]
    evidenced: tuple[Form, ...]
    odd: tuple[str, ...]
    doubtful: Entry[str] | None
    entry: Entry[str]

    def with_grade(self, demand: str) -> tuple[Form, ...]:
        return self.evidenced if demand == "evidenced" else (*self.evidenced, *self.stated)


def forms_on_file(case: Case, line: str | None = None) -> FormsOnFile:
    """All forms of the packet: those named where they still speak, pages wherever they came.

    For a line, without the pages of a document that certainly shows another policy of it.
    """
    stated: list[Form] = []
    evidenced: list[Form] = []
    odd: list[str] = []
    doubtful: Entry[str] | None = None
    entry: Entry[str] = case.documents[0].endorsement_forms
    here = {id(certificate) for certificate in case.documents}
    for certificate in case.pages:
        if line is not None and is_of_another_policy(case.lines[line], certificate):
            continue
        named = certificate.endorsement_forms if id(certificate) in here else BLANK
        pages = certificate.endorsement_pages
        if line is not None and pages.value and is_of_another_term(case.lines[line], certificate):
            pages = pages.doubted(WHICH_TERM)
        for source, found in ((named, stated), (pages, evidenced)):
            if source.is_unclear:
                doubtful = source
                continue
            entry = source if source.value and not entry.value else entry
            for text in _split(source.value):
                form = parse_form(text)
                if form is None or form.number not in known_numbers():
                    odd.append(text)
                if form is not None:
                    found.append(form)
    return FormsOnFile(tuple(stated), tuple(evidenced), tuple(odd), doubtful, entry)


def _split(text: str | None) -> Iterable[str]:
    """ "CG 20 10 12 19: 2-3, CG 20 37 12 19: 4" -> the numbers without their pages."""
    return [part.split(":")[0].strip() for part in (text or "").split(",") if part.strip()]


def form_boxes(subject: Subject) -> tuple[str, ...]:
    return ("endorsement_forms", "endorsement_pages")
