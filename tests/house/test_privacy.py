"""docs/privacy.md says of every table what is kept in it, and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.storage.tables import METADATA

PAGE = (Path(__file__).parents[2] / "docs/privacy.md").read_text()
WHAT_WAS_READ = "what was read: names, addresses"
PEOPLES_WORDS = "people's corrections, checks with their verdicts and notices, waivers, cancellations, exemptions"
SENT = "what was sent to Procore, Google Sheets, Buildertrend, GCPay"
FIGURES = "figures of requests"

SAID_AS = {
    "accounts": "the account: name, legal names",
    "api_keys": "API keys: name",
    "arrivals": "what came by upload link",
    "audit_entries": "| the audit log | database | for ever |",
    "board_rows": PEOPLES_WORDS,
    "cancellations": PEOPLES_WORDS,
    "certificates": WHAT_WAS_READ,
    "checks": PEOPLES_WORDS,
    "connections": "connections: settings",
    "corrections": PEOPLES_WORDS,
    "cover_sheets": "GCPay cover sheets",
    "coverage_lines": WHAT_WAS_READ,
    "documents": "| the documents (certificates",
    "endorsement_pages": "endorsement pages that came alone",
    "erasures": "that somebody or something was erased",
    "events": "events (what hooks were told)",
    "exemptions": PEOPLES_WORDS,
    "hooks": "hooks: their addresses",
    "ratings": "its table of insurer ratings",
    "jobs": "| jobs (inputs and answers)",
    "login_failures": "failed logins: digests",
    "login_links": "login links (digests)",
    "logins": "| logins and login links",
    "mails": "mails: to whom, when, the subject",
    "payment_holds": SENT,
    "prepared_items": SENT,
    "procore_files": "of files picked up in Procore",
    "pushes": SENT,
    "request_budgets": FIGURES,
    "request_counts": FIGURES,
    "rule_set_texts": "the texts of rule sets",
    "sent_links": "upload and review links (for whom, by whom)",
    "users": "| people: name, address",
    "vendor_matches": "matches in",
    "vendors": WHAT_WAS_READ,
    "waivers": PEOPLES_WORDS,
}


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_every_table_is_told_of(table: str) -> None:
    assert SAID_AS[table] in PAGE
