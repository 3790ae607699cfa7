"""The flat outcome of a check: its keys, and a verdict as one object of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from connector.certificate.field import Field, Kind, Scalar, nothing, scalar, schema_of
from connector.checking.evaluate import sentence
from connector.checking.notice import Notice
from connector.checking.packet import Packet
from connector.checking.verdict import Context, Finding, Outcome, Severity, Status, Verdict

CHECK_FIELDS: tuple[Field, ...] = (
    Field("check_id", "Check", Kind.TEXT, "check_3J9X6B1D"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
    Field("rule_set", "Rule set", Kind.TEXT, "standard-subcontractor@1", help="The name and version of the rule set that was applied."),
    Field("checked_at", "Checked at", Kind.DATETIME, "2026-03-02T15:04:06Z"),
    Field("status", "Status", Kind.CHOICE, "non_compliant", choices=tuple(Status), help="`needs_review` means that a person must decide first."),
    Field("is_compliant", "Is compliant", Kind.FLAG, False, help="Yes or no; empty while a person must decide first."),
    Field("compliance_score", "Compliance score", Kind.INT, 90, help="The share of the required rules that are met, 0 to 100; unclear counts as not met."),
    Field("failure_count", "Failures", Kind.INT, 1),
    Field("warning_count", "Warnings", Kind.INT, 1),
    Field("unclear_count", "Unclear", Kind.INT, 0),
    Field("waived_count", "Waived", Kind.INT, 0),
    Field("failures_text", "Failures (text)", Kind.TEXT, "General liability: each occurrence: required $1,000,000; found $500,000 (page 1).", help="One line for each required rule that is not met."),
    Field("warnings_text", "Warnings (text)", Kind.TEXT, None, help="One line for each advisory rule that is not met or cannot be determined; these never fail a check."),
    Field("unclear_text", "Unclear (text)", Kind.TEXT, None, help="One line for each required rule that a person must decide."),
    Field("waived_text", "Waived (text)", Kind.TEXT, None, help="One line for each rule that somebody waived for this vendor."),
    Field("failed_fields", "Failed fields", Kind.TEXT, "general_liability_each_occurrence", help="The keys behind the failures, joined by commas."),
    Field("failure_codes", "Failure codes", Kind.TEXT, "limit_too_low", help="Stable reason codes, joined by commas."),
    Field("next_expiration_date", "Next expiration date", Kind.DATE, "2027-03-01", help="The earliest over the coverage lines that the rule set requires."),
    Field("insured_name", "Insured: name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("producer_email", "Producer: e-mail", Kind.TEXT, "certificates@harborpoint.example"),
    Field("vendor_id", "Vendor", Kind.TEXT, "V-204"),
    Field("vendor_name", "Vendor name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("vendor_email", "Vendor e-mail", Kind.TEXT, "office@northfield.example"),
    Field("trade", "Trade", Kind.TEXT, "roofing"),
    Field("project_name", "Project name", Kind.TEXT, "Lakeside Medical Center"),
    Field("subcontract_value", "Subcontract value", Kind.USD, 480_000),
    Field("notice_subject", "Notice subject", Kind.TEXT, "Insurance certificate of Northfield Roofing LLC: 1 item to correct"),
    Field("notice_text", "Notice (text)", Kind.TEXT, "Each occurrence limit is $500,000; $1,000,000 is required. Page 1, general liability.", help="The deficiency notice; empty unless the check is non_compliant."),
    Field("notice_html", "Notice (HTML)", Kind.TEXT, "<p>Each occurrence limit is $500,000; $1,000,000 is required.</p>"),
    Field("review_url", "Review link", Kind.URL, None, help="Where a person decides; empty unless the check needs review."),
)  # fmt: skip

FlatCheck = schema_of("FlatCheck", CHECK_FIELDS)


def flatten_verdict(
    verdict: Verdict,
    context: Context,
    packet: Packet,
    *,
    check_id: str | None = None,
    certificate_id: str | None = None,
    checked_at: datetime | None = None,
    notice: Notice | None = None,
    review_url: str | None = None,
) -> dict[str, Scalar]:
    """Every key of CHECK_FIELDS in order. The insured and producer are those of the packet's first
    certificate; a notice is answered only when non-compliant, a review link only in review.
    """
    sent = notice if verdict.status is Status.NON_COMPLIANT else None
    return (
        nothing(CHECK_FIELDS)
        | {
            "check_id": check_id,
            "certificate_id": certificate_id,
            "rule_set": f"{verdict.rule_set}@{verdict.rule_set_version}",
            "checked_at": scalar(checked_at),
            "status": verdict.status.value,
            "is_compliant": _is_compliant(verdict.status),
            "compliance_score": compliance_score(verdict.findings),
            "next_expiration_date": scalar(verdict.next_expiration_date),
            "notice_subject": sent.subject if sent else None,
            "notice_text": sent.text if sent else None,
            "notice_html": sent.html if sent else None,
            "review_url": review_url if verdict.status is Status.NEEDS_REVIEW else None,
        }
        | _findings(verdict)
        | _parties(packet, context)
    )


def _is_compliant(status: Status) -> bool | None:
    return None if status is Status.NEEDS_REVIEW else status is Status.COMPLIANT


def compliance_score(findings: Iterable[Finding]) -> int:
    """0 to 100, rounded down: the share of the required rules met. Waived rules are not counted.

    0 where no required rule applied: nothing was shown.
    """
    required = [f for f in findings if f.severity is Severity.REQUIRED and f.waived_by is None]
    if not required:
        return 0
    return sum(f.outcome is Outcome.MET for f in required) * 100 // len(required)


def failures(verdict: Verdict) -> list[Finding]:
    """Required rules not met and not waived: the deficiencies."""
    return _open(verdict, Severity.REQUIRED, Outcome.NOT_MET)


def _open(verdict: Verdict, severity: Severity, *outcomes: Outcome) -> list[Finding]:
    return [
        f
        for f in verdict.findings
        if f.severity is severity and f.outcome in outcomes and f.waived_by is None
    ]


def _findings(verdict: Verdict) -> dict[str, Scalar]:
    failed = failures(verdict)
    warned = _open(verdict, Severity.ADVISORY, Outcome.NOT_MET, Outcome.UNCLEAR)
    doubtful = _open(verdict, Severity.REQUIRED, Outcome.UNCLEAR)
    waived = [f for f in verdict.findings if f.waived_by is not None]
    return {
        "failure_count": len(failed),
        "warning_count": len(warned),
        "unclear_count": len(doubtful),
        "waived_count": len(waived),
        "failures_text": _lines(map(sentence, failed)),
        "warnings_text": _lines(map(sentence, warned)),
        "unclear_text": _lines([*map(sentence, doubtful), *_other_reasons(verdict, doubtful)]),
        "waived_text": _lines(f"{sentence(f)} {f.waived_by}" for f in waived),
        "failed_fields": ", ".join(dict.fromkeys(map(key, failed))) or None,
        "failure_codes": ", ".join(dict.fromkeys(f.code for f in failed)) or None,
    }


def _other_reasons(verdict: Verdict, doubtful: list[Finding]) -> list[str]:
    """Review reasons beside the doubtful rules: a document that could not be read, or an insured
    who is not the vendor, which is a failure, too, but only a person can say whose it is."""
    said = set(map(sentence, doubtful))
    return [reason for reason in verdict.review_reasons if reason not in said]


def key(finding: Finding) -> str:
    """The flat key that a finding is about; for a kind of line that no row holds, the list of lines."""
    return (finding.path or "coverage_lines").replace(".", "_")


def _lines(lines: Iterable[str]) -> str | None:
    return "\n".join(lines) or None


def _parties(packet: Packet, context: Context) -> dict[str, Scalar]:
    first = packet.certificates[0] if packet.certificates else None
    return {
        "insured_name": first.insured.name.value if first else None,
        "producer_email": first.producer.email.value if first else None,
        "vendor_id": context.vendor_id,
        "vendor_name": context.vendor_name,
        "vendor_email": context.vendor_email,
        "trade": context.trade,
        "project_name": context.project_name,
        "subcontract_value": context.subcontract_value,
    }
