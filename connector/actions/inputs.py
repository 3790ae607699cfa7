"""Parts of inputs that several actions share, and how an input is loaded.

Money and dates come as text and are parsed here, strictly: an automation platform that
coerces "1,000,000" into 1 must not change a limit before it reaches us. Empty text and null
mean absent. Unknown keys are ignored, unless one is nearly an input that was not given: a misspelt
`rule_set` must not let the default decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, OneOf

from connector.certificate import values
from connector.checking.verdict import Context
from connector.destinations.email.addresses import addresses
from connector.errors import InvalidInput

LONGEST = 10_000
"""Letters of one text: far more than a person writes, and less than any search or database refuses."""
LONGEST_NAME = 300


class Dollars(ma.fields.Field[int]):
    """Whole dollars as a person writes them: "1,000,000" or "$1,000,000.00"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        parsed = values.money(str(value))
        if parsed.value is None or parsed.doubt:
            raise ma.ValidationError(f"“{value}” is no amount. Write it in full: 1,000,000.")
        return parsed.value


class Text(ma.fields.String):
    """Text; a whole number that stands where text belongs, such as a vendor's, is its digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return super()._deserialize(str(value) if is_number else value, attr, data, **more)


class Day(ma.fields.Field[date]):
    """A day: 2026-03-01 or 3/1/2026."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date:
        parsed = values.day(str(value))
        if parsed.value is None or parsed.doubt:
            raise ma.ValidationError(f"“{value}” is no date. Write it like 2026-03-01.")
        return parsed.value


class Names(ma.fields.Field[tuple[str, ...]]):
    """Several names in one text, separated by semicolons or line breaks; or a list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[str, ...]:
        parts = value if isinstance(value, list) else str(value).replace("\n", ";").split(";")
        if sum(len(str(part)) for part in parts) > LONGEST:
            raise ma.ValidationError(_too_long(LONGEST))
        return tuple(name for part in parts if (name := values.tidy(str(part))))


class Addresses(ma.fields.String):
    """One or several e-mail addresses in one text. A name before one, as mails have it, is left out."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = str(super()._deserialize(value, attr, data))
        if len(text) > LONGEST:
            raise ma.ValidationError(_too_long(LONGEST))
        bare = ";".join(_spec(part) for part in text.split(";"))
        try:
            return "; ".join(addresses(bare, ""))
        except InvalidInput as error:
            raise ma.ValidationError(error.message.removeprefix(": ")) from None


def _spec(part: str) -> str:
    """`Name <address>` is its address; two of them without a semicolon are left to be refused."""
    _, found, rest = part.partition("<")
    address, closed, behind = rest.partition(">")
    return address if found and closed and "<" not in behind else part


def _too_long(most: int) -> str:
    return f"write at most {most:,} letters."


def text(
    label: str,
    *,
    help: str,
    required: bool = False,
    choices_from: str = "",
    longest: int | None = LONGEST,
) -> Any:
    """A text input. `choices_from` names the dropdown (a GET list) that offers its values."""
    return Text(
        required=required,
        load_default=ma.missing if required else None,
        validate=Length(max=longest, error=_too_long(longest)) if longest else None,
        metadata=_described(label, help, choices_from),
        error_messages={"invalid": "Write it as text."},
    )


def email(label: str, *, help: str) -> Any:
    """A text input with one or several e-mail addresses."""
    return Addresses(load_default=None, metadata=_described(label, help))


def choice(label: str, *, help: str, choices: Sequence[str]) -> Any:
    """A text input with these values only; None when left empty."""
    return ma.fields.String(
        load_default=None,
        validate=OneOf(choices, error=f"write one of: {', '.join(choices)}."),
        metadata=_described(label, help),
    )


def dollars(label: str, *, help: str) -> Any:
    return Dollars(load_default=None, metadata=_described(label, help))


def day(label: str, *, help: str) -> Any:
    return Day(load_default=None, metadata=_described(label, help))


def names(label: str, *, help: str) -> Any:
    return Names(load_default=(), metadata=_described(label, help))


def flag(label: str, *, help: str, default: bool) -> Any:
    return ma.fields.Boolean(
        load_default=default,
        metadata=_described(label, help),
        error_messages={"invalid": "Write yes or no."},
    )


def _described(label: str, help: str, choices_from: str = "") -> dict[str, str]:
    described = {"title": label, "description": help}
    return described | ({"choices_from": choices_from} if choices_from else {})


def _plain(name: object) -> str:
    return "".join(c for c in str(name).lower() if c.isalnum())


class Input(ma.Schema):
    """What every action's input has in common."""

    class Meta:
        unknown = ma.EXCLUDE

    callback_url = text(
        "Callback link",
        help="Where the finished answer is posted when the work takes longer than a few seconds.",
    )
    deduplication_key = text(
        "Deduplication key",
        help="Most people leave this empty. Any text of yours makes sure that the same "
        "work, sent twice with it, is done once.",
        longest=LONGEST_NAME,
    )

    @ma.pre_load
    def _without_empty_values(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ma.ValidationError("The body must be one JSON object.")
        given = {key: value for key, value in data.items() if value not in (None, "")}
        self._refuse_misspelt(given)
        return given

    def _refuse_misspelt(self, given: Mapping[str, Any]) -> None:
        missing = {_plain(name): name for name in self.fields if name not in given}
        for key in given:
            if key not in self.fields and (near := get_close_matches(_plain(key), missing, 1, 0.9)):
                sentence = f"there is no such field. Write {missing[near[0]]}."
                raise ma.ValidationError({key: [sentence]})


class SearchInput(Input):
    """What a search goes by. It looks anew each time: a key would give its old answer again."""

    class Meta(Input.Meta):
        exclude = ("callback_url", "deduplication_key")


class DocumentInput(Input):
    """A certificate as a file, a link or base64 text. The file itself comes as multipart `file`."""

    file_url = text(
        "File link",
        help="A link to the PDF that opens without a login. Leave it empty when you send a file.",
    )
    file_base64 = text("File as base64", help="The file's bytes as base64 text.", longest=None)
    file_name = text("File name", help="The file's name, for example northfield-coi.pdf.")


class ContextInput(Input):
    """What the rules may depend on besides the certificate."""

    rule_set = text(
        "Rule set",
        help="Choose the rule set to check against, or write its name. Leave it empty for "
        "the account's own.",
        choices_from="rule_sets",
    )
    vendor_id = text(
        "Vendor number",
        help="Give your own number for the subcontractor, if you have one.",
        choices_from="vendors",
        longest=LONGEST_NAME,
    )
    vendor_name = text(
        "Vendor name",
        help="Write the subcontractor's name as you know it; it is compared with the insured.",
        longest=LONGEST_NAME,
    )
    vendor_email = email(
        "Vendor e-mail", help="Give the address that a deficiency notice would go to."
    )
    vendor_type = text(
        "Vendor type",
        help="Write what the vendor is, for example subcontractor, supplier or consultant.",
    )
    trade = text(
        "Trade",
        help="Choose the subcontractor's trade, or write it, for example roofing.",
        choices_from="trades",
    )
    state = text("State", help="Write the two letters of the state where the work is done.")
    subcontract_value = dollars(
        "Subcontract value",
        help="Write the subcontract's value in US dollars, for example 250,000.",
    )
    project_name = text(
        "Project name",
        help="Write the name of the project that the certificate is for.",
        longest=LONGEST_NAME,
    )
    project_number = text(
        "Project number",
        help="Write the project's number as it should be mentioned.",
        longest=LONGEST_NAME,
    )
    project_end = day(
        "Project end",
        help="Write the day until which coverage must last, for example 2027-06-30, for a rule set that "
        "asks for it, such as owner-controlled-project.",
    )
    owner = names(
        "Owner",
        help="Fill in the owner's names that must be additional insureds, for a rule set that asks for them, such as owner-controlled-project.",
    )
    lender = names(
        "Lender",
        help="Fill in the lender's names that must be additional insureds, for a rule set that asks for them, such as owner-controlled-project.",
    )
    architect = names(
        "Architect",
        help="Fill in the architect's names that must be additional insureds, for a rule set that asks for them, such as owner-controlled-project.",
    )


OVERLAY_ROLES = ("owner", "lender", "architect")


def context(given: Mapping[str, Any], legal_names: tuple[str, ...]) -> Context:
    """The rules' context from a loaded ContextInput and the account's own names."""
    return Context(
        vendor_id=given.get("vendor_id"),
        vendor_name=given.get("vendor_name"),
        vendor_email=given.get("vendor_email"),
        vendor_type=given.get("vendor_type"),
        trade=given.get("trade"),
        state=given.get("state"),
        project_name=given.get("project_name"),
        project_number=given.get("project_number"),
        project_end=given.get("project_end"),
        subcontract_value=given.get("subcontract_value"),
        legal_names=legal_names,
        names={role: given[role] for role in OVERLAY_ROLES if given.get(role)},
    )


def load(schema: type[ma.Schema], data: Any) -> dict[str, Any]:
    """The loaded input, or InvalidInput naming the first wrong field by its label."""
    try:
        loaded: dict[str, Any] = schema().load(data)
    except ma.ValidationError as error:
        raise _invalid(schema, error) from None
    return loaded


def _invalid(schema: type[ma.Schema], error: ma.ValidationError) -> InvalidInput:
    problems = error.messages
    if not isinstance(problems, dict) or "_schema" in problems:
        return InvalidInput("The body must be one JSON object with the action's fields.")
    name, found = next(iter(problems.items()))
    sentence = found[0] if isinstance(found, list) else str(found)
    declared = schema().fields.get(name)
    label = declared.metadata.get("title", name) if declared else name
    if sentence == "Missing data for required field.":
        sentence = "Please fill it in."
    return InvalidInput(f"{label}: {sentence}", field=name)
