"""The certificate: every box of the form once. Adding a field is one line here.

Keys, schemas, Zapier and Make fields, sheet columns, rule paths and the review page all follow
from these declarations (see `fields.py`). The order of the lines is the order of the answer;
published keys are only ever added to (tests/published_fields.txt).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connector.certificate.entry import BLANK, Entry
from connector.certificate.field import Kind, Scalar

MODEL_VERSION = 1
"""Stored beside each certificate; raised when stored JSON needs converting."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a declaration below says of its field."""

    label: str
    kind: Kind
    sample: Scalar
    help: str
    critical: bool
    choices: tuple[str, ...] = ()
    is_fact: bool = False


def _entry(spec: Spec) -> Any:
    return dataclasses.field(default=BLANK, metadata={"spec": spec})


def text(label: str, *, sample: str | None, help: str = "", critical: bool = False) -> Any:
    return _entry(Spec(label, Kind.TEXT, sample, help, critical))


def choice(label: str, *, choices: tuple[str, ...], sample: str | None, help: str = "", critical: bool = True) -> Any:
    return _entry(Spec(label, Kind.CHOICE, sample, help, critical, choices))


def money(label: str, *, sample: int | None, help: str = "") -> Any:
    return _entry(Spec(label, Kind.USD, sample, help, critical=True))


def day(label: str, *, sample: str | None, help: str = "", critical: bool = True) -> Any:
    return _entry(Spec(label, Kind.DATE, sample, help, critical))


def tick(label: str, *, sample: bool | None, help: str = "", critical: bool = True) -> Any:
    """A box that is ticked or empty: on a line that is present, empty means no."""
    return _entry(Spec(label, Kind.TICK, sample, help, critical))


def mark(label: str, *, sample: bool | None, help: str = "", critical: bool = True) -> Any:
    """A Y/N cell: empty means not stated."""
    return _entry(Spec(label, Kind.MARK, sample, help, critical))


def number(label: str, *, sample: int | None, help: str = "", critical: bool = False) -> Any:
    return _entry(Spec(label, Kind.INT, sample, help, critical))


def fact(label: str, kind: Kind, *, sample: Scalar, help: str = "", default: Any = None) -> Any:
    """Something we know about the document rather than read from a box."""
    spec = Spec(label, kind, sample, help, critical=False, is_fact=True)
    return dataclasses.field(default=default, metadata={"spec": spec})


def not_on_this_line() -> Any:
    """A common box that the form does not have on this line."""
    return dataclasses.field(default=BLANK, metadata={})


def section(kind: type[Any], label: str) -> Any:
    return dataclasses.field(default_factory=kind, metadata={"section": label})


ENDORSEMENT = ("evidenced", "stated")
_ENDORSEMENT_HELP = "`evidenced` when the endorsement page is in the document, `stated` when only words claim it; a tick alone never sets it."


@dataclass(frozen=True, slots=True)
class Producer:
    name: Entry[str] = text("Name", sample="Harbor Point Insurance Agency", help="The agency or broker that issued the certificate.")
    address: Entry[str] = text("Address", sample="200 Lake Street, Springfield, IL 62701")
    contact_name: Entry[str] = text("Contact name", sample="Dana Whitfield")
    phone: Entry[str] = text("Phone", sample="(217) 555-0142")
    fax: Entry[str] = text("Fax", sample="(217) 555-0143")
    email: Entry[str] = text("E-mail", sample="certificates@harborpoint.example")


@dataclass(frozen=True, slots=True)
class Insured:
    name: Entry[str] = text("Name", sample="Northfield Roofing LLC", help="The named insured as printed, a DBA included.", critical=True)
    address: Entry[str] = text("Address", sample="48 Quarry Road, Peoria, IL 61602")


@dataclass(frozen=True, slots=True)
class Insurer:
    name: Entry[str] = text("Name", sample="Granite Mutual Insurance Company")
    naic: Entry[str] = text("NAIC code", sample="10001", help="The insurer's five-digit NAIC company code; leading zeros are kept.")


@dataclass(frozen=True, slots=True)
class Holder:
    name: Entry[str] = text("Name", sample="Summit Builders Inc", help="The certificate holder as printed.", critical=True)
    address: Entry[str] = text("Address", sample="900 Commerce Drive, Chicago, IL 60607")


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One row of the coverages table: one policy."""

    insurer_letter: Entry[str] = text("Insurer letter", sample="A", help="The letter A to F that points to the insurer list.", critical=True)
    insurer_name: Entry[str] = text("Insurer name", sample="Granite Mutual Insurance Company", help="The insurer that the letter points to.", critical=True)
    insurer_naic: Entry[str] = text("Insurer NAIC code", sample="10001", help="The NAIC code of the insurer that the letter points to.", critical=True)
    additional_insured: Entry[bool] = mark("Additional insured", sample=True, help="The ADDL INSD cell: true for Y or X, false for N, empty when the cell is blank.")
    subrogation_waived: Entry[bool] = mark("Subrogation waived", sample=True, help="The SUBR WVD cell: true for Y or X, false for N, empty when the cell is blank.")
    policy_number: Entry[str] = text("Policy number", sample="GL-4481902", critical=True)
    effective_date: Entry[date] = day("Effective date", sample="2026-03-01")
    expiration_date: Entry[date] = day("Expiration date", sample="2027-03-01")
    additional_insured_endorsement: Entry[str] = choice("Additional insured endorsement", choices=ENDORSEMENT, sample="stated", help=_ENDORSEMENT_HELP)
    primary_and_noncontributory_endorsement: Entry[str] = choice("Primary and noncontributory endorsement", choices=ENDORSEMENT, sample="stated", help=_ENDORSEMENT_HELP)
    waiver_of_subrogation_endorsement: Entry[str] = choice("Waiver of subrogation endorsement", choices=ENDORSEMENT, sample="stated", help=_ENDORSEMENT_HELP)


@dataclass(frozen=True, slots=True)
class GeneralLiability(CoverageLine):
    claims_made: Entry[bool] = tick("Claims-made", sample=False)
    occurrence: Entry[bool] = tick("Occurrence", sample=True)
    aggregate_applies_per: Entry[str] = choice("General aggregate applies per", choices=("policy", "project", "location", "other"), sample="project")
    completed_operations_endorsement: Entry[str] = choice("Completed operations endorsement", choices=ENDORSEMENT, sample=None, help=_ENDORSEMENT_HELP)
    per_project_aggregate_endorsement: Entry[str] = choice("Per-project aggregate endorsement", choices=ENDORSEMENT, sample=None, help=_ENDORSEMENT_HELP)
    each_occurrence: Entry[int] = money("Each occurrence", sample=1_000_000)
    damage_to_rented_premises: Entry[int] = money("Damage to rented premises", sample=100_000)
    medical_expense: Entry[int] = money("Medical expense", sample=5_000)
    personal_and_advertising_injury: Entry[int] = money("Personal and advertising injury", sample=1_000_000)
    general_aggregate: Entry[int] = money("General aggregate", sample=2_000_000)
    products_completed_operations_aggregate: Entry[int] = money("Products-completed operations aggregate", sample=2_000_000)


@dataclass(frozen=True, slots=True)
class AutoLiability(CoverageLine):
    any_auto: Entry[bool] = tick("Any auto", sample=True)
    owned_autos: Entry[bool] = tick("Owned autos only", sample=False)
    scheduled_autos: Entry[bool] = tick("Scheduled autos", sample=False)
    hired_autos: Entry[bool] = tick("Hired autos only", sample=False)
    non_owned_autos: Entry[bool] = tick("Non-owned autos only", sample=False)
    combined_single_limit: Entry[int] = money("Combined single limit", sample=1_000_000)
    bodily_injury_per_person: Entry[int] = money("Bodily injury per person", sample=None)
    bodily_injury_per_accident: Entry[int] = money("Bodily injury per accident", sample=None)
    property_damage: Entry[int] = money("Property damage", sample=None)


@dataclass(frozen=True, slots=True)
class UmbrellaLiability(CoverageLine):
    type: Entry[str] = choice("Type", choices=("umbrella", "excess"), sample="umbrella", help="Whether the UMBRELLA LIAB or the EXCESS LIAB box is ticked.")
    occurrence: Entry[bool] = tick("Occurrence", sample=True)
    claims_made: Entry[bool] = tick("Claims-made", sample=False)
    each_occurrence: Entry[int] = money("Each occurrence", sample=5_000_000)
    aggregate: Entry[int] = money("Aggregate", sample=5_000_000)
    deductible: Entry[int] = money("Deductible", sample=None)
    retention: Entry[int] = money("Retention", sample=10_000)


@dataclass(frozen=True, slots=True)
class WorkersCompensation(CoverageLine):
    additional_insured: Entry[bool] = not_on_this_line()
    additional_insured_endorsement: Entry[str] = not_on_this_line()
    primary_and_noncontributory_endorsement: Entry[str] = not_on_this_line()
    per_statute: Entry[bool] = tick("Per statute", sample=True)
    other: Entry[bool] = tick("Other", sample=False)
    proprietor_excluded: Entry[bool] = mark("Proprietor excluded", sample=False, help="The Y/N cell: is any proprietor, partner, executive officer or member excluded?")
    each_accident: Entry[int] = money("Each accident", sample=1_000_000)
    disease_each_employee: Entry[int] = money("Disease, each employee", sample=1_000_000)
    disease_policy_limit: Entry[int] = money("Disease, policy limit", sample=1_000_000)


@dataclass(frozen=True)
class Described:
    """What only a free row has; named last in OtherCoverage's bases, so that its keys come first."""

    description: Entry[str] = text("Description", sample=None, help="The type of insurance as printed.", critical=True)
    kind: Entry[str] = choice("Kind", choices=("professional", "pollution", "cyber", "property", "crime", "other"), sample=None)


@dataclass(frozen=True, slots=True)
class OtherCoverage(CoverageLine, Described):
    """A line in the form's free rows: professional, pollution, cyber ..."""

    each_claim: Entry[int] = money("Each claim", sample=None)
    aggregate: Entry[int] = money("Aggregate", sample=None)
    limits: Entry[str] = text("Limits", sample=None, help="The limits as printed.", critical=True)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Everything one certificate says, and a few facts about the document it stands in."""

    certificate_id: str | None = fact("Certificate", Kind.TEXT, sample="cert_7Q2M4K8T", help="One per account, document and page; a re-reading or a correction keeps it.")
    received_at: datetime | None = fact("Received at", Kind.DATETIME, sample="2026-03-02T15:04:05Z", help="When the service first saw the document.")
    document_name: str | None = fact("Document name", Kind.TEXT, sample="northfield-coi.pdf")
    document_sha256: str | None = fact("Document fingerprint", Kind.TEXT, sample="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", help="The SHA-256 digest of the document's bytes.")
    page_count: int | None = fact("Pages", Kind.INT, sample=1)
    certificate_page: int | None = fact("Certificate page", Kind.INT, sample=1, help="The page that the values were read from, counted from 1.")
    certificates_in_document: int | None = fact("Certificates in document", Kind.INT, sample=1, help="More than one means that this is the first of them and that a person should look.")
    other_certificate_ids: str | None = fact("Other certificates", Kind.TEXT, sample=None, help="The other certificates of the same document, joined by commas.")
    form: Entry[str] = text("Form", sample="ACORD 25")
    form_edition: Entry[str] = text("Form edition", sample="2016/03", critical=True)
    read_from: str | None = fact("Read from", Kind.TEXT, sample="text_layer", help="`form_fields`, `text_layer`, `ocr` or `mixed`.")
    reader_version: int | None = fact("Reader version", Kind.INT, sample=1, help="Raised whenever reading changes.")
    record_number: int | None = fact("Record number", Kind.INT, sample=1042, help="Grows with every certificate on file, so that the newest has the highest.")
    certificate_date: Entry[date] = day("Certificate date", sample="2026-03-02", help="The date of issue.")
    certificate_number: Entry[str] = text("Certificate number", sample="26-0417")
    revision_number: Entry[str] = text("Revision number", sample=None)

    producer: Producer = section(Producer, "Producer")
    insured: Insured = section(Insured, "Insured")
    insurer_a: Insurer = section(Insurer, "Insurer A")
    insurer_b: Insurer = section(Insurer, "Insurer B")
    insurer_c: Insurer = section(Insurer, "Insurer C")
    insurer_d: Insurer = section(Insurer, "Insurer D")
    insurer_e: Insurer = section(Insurer, "Insurer E")
    insurer_f: Insurer = section(Insurer, "Insurer F")
    certificate_holder: Holder = section(Holder, "Certificate holder")
    description_of_operations: Entry[str] = text("Description of operations", sample="Project 4417, Lakeside Medical Center.", help="The whole text with its line breaks, continuation pages appended.", critical=True)
    authorized_representative_signed: Entry[bool] = mark("Authorized representative signed", sample=True, help="Whether a signature, a typed name or an image stands in the box.", critical=False)

    general_liability: GeneralLiability = section(GeneralLiability, "General liability")
    auto_liability: AutoLiability = section(AutoLiability, "Auto liability")
    umbrella_liability: UmbrellaLiability = section(UmbrellaLiability, "Umbrella liability")
    workers_compensation: WorkersCompensation = section(WorkersCompensation, "Workers compensation and employers' liability")
    other_1: OtherCoverage = section(OtherCoverage, "Other coverage 1")
    other_2: OtherCoverage = section(OtherCoverage, "Other coverage 2")
    other_3: OtherCoverage = section(OtherCoverage, "Other coverage 3")

    additional_insured_names: Entry[str] = text("Additional insured names", sample="Summit Builders Inc; Lakeside Health", help="Names found as additional insureds, joined by semicolons.", critical=True)
    notice_of_cancellation: Entry[str] = choice("Notice of cancellation", choices=ENDORSEMENT, sample=None, help=_ENDORSEMENT_HELP)
    notice_of_cancellation_days: Entry[int] = number("Notice of cancellation days", sample=None, critical=True)
    endorsement_forms: Entry[str] = text("Endorsement forms", sample="CG 20 10 12 19, CG 20 37 12 19", help="Form numbers with edition, joined by commas.", critical=True)
    endorsement_pages: Entry[str] = text("Endorsement pages", sample="CG 20 10 12 19: 2-3", critical=True)


INSURER_LETTERS = "ABCDEF"

STANDARD_LINES = ("general_liability", "auto_liability", "umbrella_liability", "workers_compensation")
OTHER_LINES = ("other_1", "other_2", "other_3")
LINES = STANDARD_LINES + OTHER_LINES
"""The coverage lines in the form's order, as the names of the model's attributes."""


def insurer(certificate: Certificate, letter: str) -> Insurer:
    """The insurer listed under `letter`, "A" to "F"."""
    found: Insurer = getattr(certificate, f"insurer_{letter.lower()}")
    return found


def line(certificate: Certificate, name: str) -> CoverageLine:
    """The coverage line called `name`, one of LINES."""
    found: CoverageLine = getattr(certificate, name)
    return found
