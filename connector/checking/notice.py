"""The deficiency notice: one line per deficiency in words a broker can act on.

It never says that coverage exists (a certificate informs, it does not amend a policy) and never
asks a producer to write something on a certificate: it asks for the endorsement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from connector.checking.answer import american
from connector.checking.codes import WORDING, Code, Wording
from connector.checking.packet import Packet
from connector.checking.rule_file import lower
from connector.checking.verdict import Context, Finding, Outcome, Severity, Verdict
from connector.errors import InvalidInput

SHIPPED = Path(__file__).parent / "notice_templates"


@dataclass(frozen=True, slots=True)
class NoticeTemplates:
    """Three Jinja texts; an account may have its own. HTML escapes every value."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice ready to send: `subject` is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Deficiency:
    """One line of the notice: what is wrong and where, and what to send."""

    line: str
    ask: str


def load_templates(folder: Path = SHIPPED) -> NoticeTemplates:
    """The templates of a folder: subject.txt, notice.txt and notice.html."""
    return NoticeTemplates(
        *(
            (folder / name).read_text("utf-8")
            for name in ("subject.txt", "notice.txt", "notice.html")
        )
    )


def write_notice(
    packet: Packet, verdict: Verdict, context: Context, templates: NoticeTemplates
) -> Notice:
    """The notice of a verdict's deficiencies. InvalidInput names the template that is broken."""
    first = packet.certificates[0] if packet.certificates else None
    values: dict[str, object] = {
        "vendor": context.vendor_name or (first.insured.name.value if first else None) or "",
        "producer": (first.producer.name.value if first else None) or "",
        "us": context.legal_names[0] if context.legal_names else "",
        "project": context.project_name or "",
        "checked_on": american(verdict.on),
        "deficiencies": list(deficiencies(verdict)),
        "advice": list(_advice(verdict)),
    }
    subject = _render("subject", templates.subject, values, escape=False)
    return Notice(
        subject=" ".join(subject.split()),
        text=_render("text", templates.text, values, escape=False),
        html=_render("HTML", templates.html, values, escape=True),
    )


_SAMPLE = Deficiency("Each occurrence limit is $500,000; $1,000,000 is required.", "Send it.")


def prove_templates(templates: NoticeTemplates) -> None:
    """Fill the templates in, with everything and with as little as there can be. InvalidInput names
    the one that is broken, and one that leaves the deficiencies out."""
    words = ("vendor", "producer", "us", "project", "checked_on")
    for word, advice in (("A & B", [_SAMPLE]), ("", [])):
        values: dict[str, object] = dict.fromkeys(words, word)
        values |= {"deficiencies": [_SAMPLE], "advice": advice}
        _render("subject", templates.subject, values, escape=False)
        for name, template in (("text", templates.text), ("HTML", templates.html)):
            said = _render(name, template, values, escape=False)
            if _SAMPLE.line not in said or _SAMPLE.ask not in said:
                raise InvalidInput(
                    f"The {name} template of the notice must show each deficiency: its `line` and "
                    "its `ask`.",
                    field="templates",
                )


def _render(name: str, template: str, values: dict[str, object], *, escape: bool) -> str:
    """Sandboxed, because accounts write their own; a word that is not known is an error."""
    environment = ImmutableSandboxedEnvironment(
        autoescape=escape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        return environment.from_string(template).render(values).strip() + "\n"
    except TemplateSyntaxError as error:
        sentence = f"The {name} template of the notice, line {error.lineno}: {error.message}"
        raise InvalidInput(sentence, field="templates") from error
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        sentence = f"The {name} template of the notice cannot be filled in: {error}"
        raise InvalidInput(sentence, field="templates") from error


def deficiencies(verdict: Verdict) -> Iterator[Deficiency]:
    """The required rules that are certainly not met, each once; an absent line is said once, with
    everything that is required of it."""
    open_findings = [
        finding
        for finding in verdict.findings
        if _is_open(finding) and finding.severity is Severity.REQUIRED
    ]
    said: set[str] = set()
    for finding in open_findings:
        found = _deficiency(finding)
        if found.line in said:
            continue
        said.add(found.line)
        if finding.code == Code.LINE_MISSING:
            found = replace(found, ask=f"{found.ask} {_of_line(finding, open_findings)}")
        yield found


def _of_line(missing: Finding, findings: Iterable[Finding]) -> str:
    """What the rules require of a line that no certificate shows, in one sentence."""
    wanted = [
        _wanted(finding)
        for finding in findings
        if finding.code == Code.LINE_MISSING and _line_of(finding) == _line_of(missing)
    ]
    return f"Required of it: {'; '.join(dict.fromkeys(wanted))}."


def _wanted(finding: Finding) -> str:
    line, _, box = finding.requirement.rpartition(": ")
    if not line:
        return finding.required
    if finding.required.startswith("the endorsement"):
        return f"{box}{finding.required.removeprefix('the endorsement')}"
    return f"{box} {finding.required}"


def _line_of(finding: Finding) -> str:
    line, _, box = finding.requirement.rpartition(": ")
    return line or box


def _advice(verdict: Verdict) -> Iterator[Deficiency]:
    """What would be welcome and fails nothing, unless it is asked for already."""
    absent = {f.line for f in verdict.findings if f.code == Code.LINE_MISSING}
    asked = {f.path for f in verdict.findings if _is_open(f) and f.severity is Severity.REQUIRED}
    for finding in verdict.findings:
        is_said = finding.line in absent or finding.path in asked
        if _is_open(finding) and finding.severity is Severity.ADVISORY and not is_said:
            yield _deficiency(finding)


def _is_open(finding: Finding) -> bool:
    return finding.outcome is Outcome.NOT_MET and finding.waived_by is None


_ANY_OTHER = Wording("{name}: {found}; {required} is required.", "Send a current certificate.")


def _deficiency(finding: Finding) -> Deficiency:
    wording = WORDING.get(Code(finding.code), _ANY_OTHER)
    line_label, _, box = finding.requirement.rpartition(": ")
    line = lower(line_label or box) if finding.line else ""
    name = f"{box[:1].upper()}{box[1:]}"
    said = wording.sentence.format(
        name=name,
        limit=name if name.endswith("limit") else f"{name} limit",
        line=line,
        required=finding.required,
        found=finding.found,
    )
    return Deficiency(f"{said[:1].upper()}{said[1:]}{_where(finding, line)}", wording.ask)


def _where(finding: Finding, line: str) -> str:
    places = [f"page {finding.page}" if finding.page else "", line if finding.page else ""]
    words = ", ".join(place for place in places if place)
    return f" {words[:1].upper()}{words[1:]}." if words else ""
