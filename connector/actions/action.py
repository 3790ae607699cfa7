"""What an action is, and what every answer begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import marshmallow as ma

from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind, Scalar, schema_of

Given: TypeAlias = Mapping[str, Any]
"""What an action's Input loaded; `document` is the Opened document of one that takes a file."""

Flat: TypeAlias = dict[str, Scalar]

JOB_FIELDS: tuple[Field, ...] = (
    Field("job_id", "Job", Kind.TEXT, "job_8F4T1Z7M", "Empty when the answer came at once."),
    Field(
        "job_status",
        "Job status",
        Kind.CHOICE,
        "done",
        "`waiting` and `running` mean that the other values follow later.",
        choices=("done", "waiting", "running", "failed"),
    ),
    Field("status_url", "Status link", Kind.URL, None, "Answers 202 until the work is done."),
    Field("is_duplicate", "Is duplicate", Kind.FLAG, False, "True when this had been done before."),
    Field("error_code", "Error code", Kind.TEXT, None, "Empty unless the work failed."),
    Field("error_message", "Error message", Kind.TEXT, None, "What to do about the failure."),
)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be asked for.

    `run` does it and answers the output's own keys (without the job's). `destination` is the
    system it writes to, if any: such work goes through a durable job; `else_destination` takes its
    place while the account is not connected to it. `takes_document`: the
    input names a file. `is_search`: it only looks something up; when nothing is found it answers
    with its first own key null. `noun` is what it is about, in the singular. `refuse` raises
    what can be said against an input at once, before its file is fetched or a job accepted.
    """

    name: str
    title: str
    description: str
    input: type[ma.Schema]
    fields: tuple[Field, ...]
    run: Callable[[Given, Caller, Services], Flat]
    takes_document: bool = False
    destination: str | None = None
    else_destination: str | None = None
    is_search: bool = False
    noun: str = "Certificate"
    refuse: Callable[[Given, Caller, Services], None] | None = None

    @property
    def output_fields(self) -> tuple[Field, ...]:
        """Every key of the answer, in order."""
        return JOB_FIELDS + self.fields

    @property
    def output_name(self) -> str:
        """What a description of the service calls the answer: ParseCertificateOutput."""
        return f"{''.join(word.title() for word in self.name.split('_'))}Output"

    def output_schema(self) -> type[ma.Schema]:
        return schema_of(self.output_name, self.output_fields)
