"""One packet on one day, as every test sees it: which certificate speaks for which line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from connector.certificate.endorsement_page import same_policy
from connector.certificate.entry import BLANK, Entry
from connector.certificate.field import Kind
from connector.certificate.fields import BY_PATH, LINE_OF
from connector.certificate.model import LINES, OTHER_LINES, STANDARD_LINES, Certificate
from connector.checking.packet import Packet
from connector.checking.rule import RuleSet
from connector.checking.subject import KINDS_OF_OTHER_LINES, Subject
from connector.checking.verdict import Context

_STATING = {
    name: tuple(
        path.partition(".")[2]
        for path, line in LINE_OF.items()
        if line == name
        and (path.endswith(".policy_number") or BY_PATH[path].kind in (Kind.DATE, Kind.USD))
    )
    for name in LINES
}
"""The boxes that make a line present: a letter or a tick alone is no coverage."""

_BOXES = {
    name: tuple(path.partition(".")[2] for path, line in LINE_OF.items() if line == name)
    for name in LINES
}


@dataclass(frozen=True, slots=True)
class LineAt:
    """The certificate that speaks for a line, and the row it stands in.

    `doubt` is the sentence why nobody should rely on the whole line: only doubtful boxes say
    that it is there, its kind is in doubt, or two certificates of the same moment differ on it.
    """

    certificate: Certificate
    row: str
    doubt: str | None = None

    def entry(self, box: str) -> Entry[Any]:
        found: Entry[Any] = getattr(getattr(self.certificate, self.row), box)
        return found


@dataclass(frozen=True, slots=True)
class Stray:
    """An endorsement page that is certainly for another policy of the line: the boxes that it would
    have proved, and the sentence."""

    line: str
    boxes: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class UmbrellaHelp:
    """What the umbrella does for other lines, in dollars (see umbrella.py).

    `given` and `left` are by path: the dollars that top it up, and those too few to do so;
    `spent` is by the umbrella's own limit. `doubt` is why nobody knows what it could give, `out`
    why it gives nothing.
    """

    given: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    spent: Mapping[str, int] = field(default_factory=dict)
    doubt: str | None = None
    out: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """`certificates` are newest first; `lines` are by the words of rules (see subject.py).

    `speaking` are the certificates that speak for a line some rule looks at (for any line, where
    no rule does; all, where no line is shown); `documents` are these and the pages that state no line at all (endorsements alone): a
    certificate that a newer one has replaced says nothing any more. Only its endorsement pages
    still stand, where they belong to a policy that is still shown: `pages` are `documents` and these.
    Endorsement pages that came alone are among both, as documents of their own (see lone_pages.py),
    except the `strays`.
    """

    packet: Packet
    rule_set: RuleSet
    context: Context
    on: date
    certificates: tuple[Certificate, ...]
    lines: Mapping[str, LineAt]
    speaking: tuple[Certificate, ...]
    documents: tuple[Certificate, ...]
    pages: tuple[Certificate, ...]
    umbrella: UmbrellaHelp = field(default_factory=UmbrellaHelp)
    strays: tuple[Stray, ...] = ()

    def entry(self, subject: Subject) -> Entry[Any]:
        """The entry of a box on a line; blank where the line is not there."""
        at = self.lines.get(subject.line or "")
        return at.entry(subject.path.partition(".")[2]) if at else BLANK

    def names_of(self, role: str) -> tuple[str, ...]:
        """The names a role stands for in this check: from the call, its project, and the rule set."""
        projects = self.rule_set.projects
        chosen = (self.context.project_number, self.context.project_name)
        of_project = next((projects[key] for key in chosen if key and key in projects), {})
        found = (
            *self.context.names.get(role, ()),
            *of_project.get(role, ()),
            *self.rule_set.names.get(role, ()),
        )
        return tuple(dict.fromkeys(found))


def open_case(packet: Packet, rule_set: RuleSet, context: Context, on: date) -> Case:
    """The packet laid out for the tests."""
    newest_first = _newest_first(packet)
    lines = _lines(newest_first, on)
    asked = [line for line in lines if line in rule_set.lines] or list(lines)
    heard = {id(lines[line].certificate) for line in asked}
    speaking = tuple(c for c in newest_first if id(c) in heard) or newest_first
    spoken = {id(c) for c in speaking}
    documents = tuple(c for c in newest_first if id(c) in spoken or not _states_a_line(c))
    here = {id(c) for c in documents}
    pages = tuple(c for c in newest_first if id(c) in here or _shows_policy_of(c, lines))
    return Case(packet, rule_set, context, on, newest_first, lines, speaking, documents, pages)


def current_lines(packet: Packet, on: date) -> dict[str, LineAt]:
    """The line that counts of each kind on that day, by the words of rules."""
    return _lines(_newest_first(packet), on)


def _newest_first(packet: Packet) -> tuple[Certificate, ...]:
    in_order = sorted(
        enumerate(packet.certificates), key=lambda item: (_age(item[1]), item[0]), reverse=True
    )
    return tuple(certificate for _, certificate in in_order)


def _shows_policy_of(certificate: Certificate, lines: Mapping[str, LineAt]) -> bool:
    """Whether a replaced certificate certainly shows a policy that still counts for its line."""
    for line in STANDARD_LINES:
        theirs: Entry[str] = getattr(certificate, line).policy_number
        ours: Entry[str] = lines[line].entry("policy_number") if line in lines else BLANK
        both_read = theirs.is_read and ours.is_read
        if both_read and same_policy(theirs.value or "", ours.value or ""):
            return True
    return False


def rows_of(certificate: Certificate, line: str) -> list[LineAt]:
    """The rows of a certificate that state this line, by the words of rules."""
    if line in KINDS_OF_OTHER_LINES:
        return _rows_of_kind(certificate, line)
    at = _line_at(certificate, line)
    return [at] if at else []


def _states_a_line(certificate: Certificate) -> bool:
    return any(_line_at(certificate, row) for row in LINES)


def reads_a_line(certificate: Certificate) -> bool:
    """Whether at least one line of a certificate was read with certainty."""
    lines = (_line_at(certificate, row) for row in LINES)
    return any(at is not None and at.doubt is None for at in lines)


def is_of_another_policy(at: LineAt, certificate: Certificate) -> bool:
    """Whether another document certainly shows another policy in the line's row."""
    if certificate is at.certificate:
        return False
    theirs: Entry[str] = getattr(certificate, at.row).policy_number
    return theirs.value is not None and not same_policy(
        theirs.value, at.entry("policy_number").value or ""
    )


REPLACED = "It came with a general liability policy that was replaced."


def beside_its_policy(case: Case, certificate: Certificate, entry: Entry[Any]) -> Entry[Any]:
    """What a certificate says for no line in particular; in doubt where the general liability policy
    that it shows was replaced: who is insured and told of an end is mostly that policy's."""
    general = case.lines.get("general_liability")
    if general is None or entry.is_blank or not is_of_another_policy(general, certificate):
        return entry
    return entry.doubted(REPLACED)


def is_of_another_term(at: LineAt, certificate: Certificate) -> bool:
    """Whether another document shows the line's policy in a term that ended before, or begins after."""
    theirs = getattr(certificate, at.row)
    begins, ends = at.entry("effective_date").value, at.entry("expiration_date").value
    first, last = theirs.effective_date.value, theirs.expiration_date.value
    ended = last is not None and begins is not None and last <= begins
    later = first is not None and ends is not None and first >= ends
    return certificate is not at.certificate and (ended or later)


_ZONES = timedelta(days=1)
"""A certificate that was issued today may come yesterday, where the day begins later."""


def _age(certificate: Certificate) -> tuple[date, float]:
    """What orders certificates: the date of issue, else the day it came; then the moment it came.

    A date of issue after it came is a slip: believed, no later certificate would ever count.
    """
    received: datetime | None = certificate.received_at
    moment = received.timestamp() if received else 0.0
    issued = certificate.certificate_date
    if issued.is_read and issued.value is not None:
        came = received.date() + _ZONES if received else date.max
        return min(issued.value, came), moment
    return (received.date() if received else date.min), moment


def _lines(newest_first: tuple[Certificate, ...], on: date) -> dict[str, LineAt]:
    found: dict[str, LineAt] = {}
    for line in (*STANDARD_LINES, *KINDS_OF_OTHER_LINES):
        rows = [at for certificate in newest_first for at in rows_of(certificate, line)]
        if rows:
            found[line] = _current(rows, on)
    return found


def _current(stated: list[LineAt], on: date) -> LineAt:
    """The newest wins. A renewal sent before its term begins does not end the term before it."""
    newest = stated[0]
    if len(stated) == 1:
        return newest
    if doubt := _which_is_newest(stated):
        return replace(newest, doubt=newest.doubt or doubt)
    if _begins_after(newest, on):
        return next((at for at in stated[1:] if _covers(at, on)), newest)
    return newest


def _which_is_newest(stated: list[LineAt]) -> str | None:
    """Why nobody knows which of several rows counts, where they differ; None where it is known."""
    newest, *others = stated
    differing = [at for at in others if not _agree(newest, at)]
    if any(at.certificate is newest.certificate for at in differing):
        return "Two rows of the certificate state this line and differ."
    if any(_age(at.certificate) == _age(newest.certificate) for at in differing):
        return "Two certificates of the same date differ on this line."
    if differing and any(at.certificate.certificate_date.is_unclear for at in stated):
        return "It is not certain which of the certificates is the newest."
    return None


def _agree(one: LineAt, other: LineAt) -> bool:
    """Whether two rows say the same."""
    return all(one.entry(box).value == other.entry(box).value for box in _BOXES[one.row])


def _begins_after(at: LineAt, on: date) -> bool:
    effective = at.entry("effective_date")
    return effective.is_read and effective.value is not None and effective.value > on


def _covers(at: LineAt, on: date) -> bool:
    effective, expiration = at.entry("effective_date"), at.entry("expiration_date")
    if not (effective.is_read and expiration.is_read):
        return False
    return effective.value is not None and effective.value <= on < (expiration.value or date.min)


def _line_at(certificate: Certificate, row: str) -> LineAt | None:
    """The line in this row of a certificate, if it is there (see `entries.is_present`)."""
    line = getattr(certificate, row)
    doubtful = False
    for box in _STATING[row]:
        entry: Entry[Any] = getattr(line, box)
        if entry.is_read:
            return LineAt(certificate, row)
        doubtful = doubtful or entry.is_unclear
    if not doubtful:
        return None
    return LineAt(certificate, row, "Nothing on this line could be read with certainty.")


def _rows_of_kind(certificate: Certificate, kind: str) -> list[LineAt]:
    """The free rows of this kind; where none is sure, those whose kind is in doubt may be it."""
    found = []
    for row in OTHER_LINES:
        stated = getattr(certificate, row).kind
        if stated.value != kind and not (stated.is_unclear and stated.value is None):
            continue
        if at := _line_at(certificate, row):
            unsure = None if stated.is_read else "It is unclear which kind of insurance this is."
            found.append(replace(at, doubt=at.doubt or unsure))
    return [at for at in found if at.doubt is None] or found
