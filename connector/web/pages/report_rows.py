"""The compliance report: who is covered, to what limits, until when, by which certificate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from connector.certificate.field import Field, Kind, Scalar, scalar
from connector.storage import board, certificates, standing, waivers
from connector.storage.board import BoardRow, Need, Sort, Wanted
from connector.storage.certificates import Origin
from connector.storage.coverage_lines import CoverageLine
from connector.storage.waivers import StoredWaiver
from connector.web.pages.words import LINE_WORDS, NEED_WORDS, day

REPORT_FIELDS = (
    Field("vendor_name", "Vendor", Kind.TEXT, "Northfield Roofing LLC"),
    Field("vendor_number", "Vendor number", Kind.TEXT, "V-204"),
    Field("trade", "Trade", Kind.TEXT, "roofing"),
    Field("project", "Project", Kind.TEXT, None),
    Field("stands", "Stands", Kind.TEXT, "In order"),
    Field("line", "Coverage", Kind.TEXT, "General liability"),
    Field("policy_number", "Policy number", Kind.TEXT, "GL-100"),
    Field("effective_date", "Effective", Kind.DATE, "2026-03-01"),
    Field("expiration_date", "Expires", Kind.DATE, "2027-03-01"),
    Field("limit", "Limit", Kind.USD, 1_000_000),
    Field("aggregate", "Aggregate", Kind.USD, 2_000_000),
    Field("in_doubt", "In doubt", Kind.FLAG, False),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
    Field("document", "Document", Kind.TEXT, "coi.pdf"),
    Field("received_on", "Received on", Kind.DATE, "2026-03-02"),
    Field("missing", "Missing or in doubt", Kind.TEXT, None),
    Field("waived", "Waived", Kind.TEXT, None),
)


@dataclass(frozen=True, slots=True)
class Covered:
    """One coverage line of a vendor, and where it was read."""

    line: CoverageLine
    origin: Origin

    @property
    def name(self) -> str:
        return LINE_WORDS[self.line.line]


@dataclass(frozen=True, slots=True)
class VendorReport:
    """One vendor: how it stands, its lines, and one sentence for each thing missing or waived."""

    row: BoardRow
    lines: tuple[Covered, ...]
    missing: tuple[str, ...]
    waived: tuple[str, ...]

    @property
    def stands(self) -> str:
        return NEED_WORDS[self.row.need]


@dataclass(frozen=True, slots=True)
class Report:
    """Vendors of a project (of all projects when it is empty), by name, as of a day.

    `total` and `good` count all of them, also where only the first are listed.
    """

    project: str
    on: date
    vendors: tuple[VendorReport, ...]
    total: int
    good: int

    @property
    def summary(self) -> str:
        """How many are in order, in a sentence."""
        return f"{self.good} of {self.total} vendors are in order on {day(self.on)}."

    @property
    def left_out(self) -> int:
        return self.total - len(self.vendors)


def report(
    session: Session, account_id: str, project: str, on: date, most: int | None = None
) -> Report:
    """The report as things stand on a day; only the first vendors by name where `most` says so."""
    wanted = Wanted(project=project)
    counts = board.counts(session, account_id, on, wanted)
    rows = board.rows(session, account_id, on, wanted, sort=Sort.NAME, limit=most)
    ids = None if most is None else [row.vendor_id for row in rows]
    found = standing.of_vendors(session, account_id, ids)
    origins = certificates.origins(session, account_id, ids)
    lines: dict[str | None, list[Covered]] = {}
    for line in found:
        lines.setdefault(line.vendor_id, []).append(Covered(line, origins[line.certificate_id]))
    waived = _waived(session, account_id, on)
    return Report(
        project,
        on,
        tuple(_vendor(row, lines, waived) for row in rows),
        total=sum(counts.values()),
        good=counts[Need.FINE] + counts[Need.EXPIRING],
    )


def flat(found: Report) -> Iterator[dict[str, Scalar]]:
    """One row per vendor and line; a vendor without any has one row that says so."""
    for vendor in found.vendors:
        about: dict[str, Scalar] = {
            "vendor_name": vendor.row.name,
            "vendor_number": vendor.row.number,
            "trade": vendor.row.trade,
            "project": found.project or None,
            "stands": vendor.stands,
            "missing": "\n".join(vendor.missing) or None,
            "waived": "\n".join(vendor.waived) or None,
        }
        for covered in vendor.lines:
            yield about | _flat_line(covered)
        if not vendor.lines:
            yield about


def _flat_line(covered: Covered) -> dict[str, Scalar]:
    line = covered.line
    return {
        "line": covered.name,
        "policy_number": line.policy_number,
        "effective_date": scalar(line.effective_date),
        "expiration_date": scalar(line.expiration_date),
        "limit": line.limit,
        "aggregate": line.aggregate,
        "in_doubt": line.is_unclear,
        "certificate_id": line.certificate_id,
        "document": covered.origin.document,
        "received_on": scalar(covered.origin.received_at.date()),
    }


def _vendor(
    row: BoardRow,
    lines: Mapping[str | None, list[Covered]],
    waived: Mapping[str, list[StoredWaiver]],
) -> VendorReport:
    in_order = list(LINE_WORDS)
    mine = sorted(lines.get(row.vendor_id, ()), key=lambda each: in_order.index(each.line.line))
    return VendorReport(
        row,
        tuple(mine),
        tuple((row.missing or "").splitlines()),
        tuple(map(_waiver, waived.get(row.vendor_id, ()))),
    )


def _waived(session: Session, account_id: str, on: date) -> dict[str, list[StoredWaiver]]:
    found: dict[str, list[StoredWaiver]] = {}
    for each in waivers.of_account(session, account_id):
        if each.expires is None or on < each.expires:
            found.setdefault(each.vendor_id, []).append(each)
    return found


def _waiver(waiver: StoredWaiver) -> str:
    until = f" until {day(waiver.expires)}" if waiver.expires else ""
    return f"{waiver.rule_id}: waived by {waiver.person}{until}: {waiver.reason}"
