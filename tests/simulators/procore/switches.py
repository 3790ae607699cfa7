"""What nobody has published about Procore, as switches, and the faults a test can order.

Each switch names the question it stands for; its default is the likelier answer. A product that
works with every setting does not depend on the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass
class Switches:
    """One field per uncertainty. Seconds where times are meant."""

    required_fields: tuple[str, ...] = ()
    """Which attributes a new insurance must have (nothing but the wrapper key is published)."""
    longest: dict[str, int] = field(default_factory=dict)
    """Attribute -> the most characters the server takes."""
    validation_status: int = 400
    """400 is declared, 422 is described in prose."""
    unknown_attribute_status: int | None = 406
    """The prose says 406 for references to attributes that do not exist; None ignores them."""
    numeric_limit_is_taken: bool = False
    """A limit is declared as text; is a number taken all the same?"""
    shows_limit_as_number: bool = False
    """A limit is declared as text; is it shown as a number all the same?"""
    null_in_a_change: str = "refused"
    """`refused` as the declared types say, or it `clears` the attribute, or is `ignored`."""
    error_shape: str = "map"
    """`string`, `list`, `map`, `legacy` ({message, reason}) or `v2` ({error: {code, message}})."""
    forgets_silently: tuple[str, ...] = ()
    """Attributes that are accepted and not stored."""
    reads_limit_as: str = "{:.1f}"
    """The published example drops the second decimal."""
    expires_by_itself: bool = False
    """Does a record turn `expired` once its date is past, whatever was written?"""
    duplicates_allowed: bool = True
    """No rule is published against the same policy twice."""
    origin_clash_status: int = 409
    """An origin_id that exists already: 409 on one page, 422 on another."""
    project_lists_include_company: bool = False
    """Does a project's list show company records too?"""
    extended_view_adds: dict[str, Any] = field(default_factory=dict)
    """What `view=extended` adds to an insurance is not published."""
    webhooks_for_own_writes: bool = True
    """Does a write through the API fire the insurance webhook?"""
    webhooks_for_attachments: bool = True
    """Does a file attached to an insurance record fire its webhook?"""
    event_ids: str = "record"
    """Whose id a webhook about an insurance carries: the `record`'s, or `another` id space's."""
    limit_message_is_json: bool = True
    retry_after_on_429: bool = True
    spike_limit: int | None = None
    """Requests per `spike_window`; the numbers are not published (examples: 25 in 10 s)."""
    spike_window: float = 10.0
    oauth_error_shape: str = "rfc6749"
    """`rfc6749` ({error, error_description}), `prose` (plain text) or `legacy`."""
    unauthorized_shape: str = "legacy"
    """The body of a 401: an error shape, or `empty`."""
    pkce: str = "ignored"
    """`ignored`, `enforced` or `refused` (an unknown parameter is an error)."""
    compliance_without_pay: int | None = None
    """Without Procore Pay: None answers as usual, else this status."""
    derived_without_documents: str | None = None
    in_progress_counts_as: str = "not_compliant"
    """How compliant_in_progress is derived on a commitment."""
    insurance_manager_needed: bool = False
    """Is the insurance-manager flag read besides Directory Admin?"""
    directory_permission: bool = True
    """Without it only `view=minimal` of the vendors may be read, and no insurance written."""
    app_connected: bool = True
    holds_need_invoice_id: bool = True
    """Does a change of a hold need its invoice, too?"""
    folder_lists_paged: bool = False
    """Does a folder with much in it come in parts of `folder_part` entries, by Link headers?"""
    folder_part: int = 2
    file_links_are_signed: bool = False
    """Is a file's link good for a while only, and another each time it is read?"""
    documents_permission: bool = True
    """Without it nothing may be read or put into Documents."""


class Fault(StrEnum):
    """How one answer goes wrong."""

    DROP_BEFORE = "drop_before"  # the connection breaks, nothing was done
    DROP_AFTER = "drop_after"  # the work is done, the answer is lost
    HANG_BEFORE = "hang_before"  # silence, nothing was done
    HANG_AFTER = "hang_after"  # silence, the work is done
    SLOW = "slow"  # the answer comes after `seconds`
    HALF_ANSWER = "half_answer"  # the body breaks off in the middle
    NOT_JSON = "not_json"  # 200 with a web page, nothing was done
    STATUS = "status"  # `status`, `body`, `headers` instead of an answer, nothing was done
    STATUS_AFTER = "status_after"  # the same, the work is done
    SYNC_HALF = "sync_half"  # a sync does every other item and reports errors for the rest


@dataclass
class Order:
    """A fault for the next `times` requests that match."""

    fault: Fault
    method: str = ".*"
    path: str = ".*"
    times: int = 1
    seconds: float = 0.0
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def matches(self, method: str, path: str) -> bool:
        return bool(
            self.times > 0 and re.fullmatch(self.method, method) and re.search(self.path, path)
        )
