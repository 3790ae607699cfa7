"""All tables by name, so that whoever needs the whole schema imports one module."""

from __future__ import annotations

from connector.storage import (
    accounts,
    api_keys,
    arrivals,
    audit,
    board_rows,
    cancellations,
    certificates,
    checks,
    connections,
    corrections,
    cover_sheets,
    coverage_lines,
    documents,
    endorsement_pages,
    erasures,
    events,
    exemptions,
    hooks,
    jobs,
    login_failures,
    login_links,
    logins,
    mails,
    payment_holds,
    prepared_items,
    procore_files,
    pushes,
    ratings,
    request_budgets,
    request_counts,
    rule_set_texts,
    sent_links,
    users,
    vendor_matches,
    vendors,
    waivers,
)
from connector.storage.schema import Row

MODULES = (
    accounts, api_keys, documents, vendors, certificates, corrections, coverage_lines,
    rule_set_texts, checks, connections, pushes, jobs, events, hooks,
    vendor_matches, payment_holds, procore_files, request_budgets, request_counts, mails, prepared_items, cover_sheets,
    users, sent_links, logins, login_links, login_failures,
    waivers, cancellations, exemptions, endorsement_pages, ratings, board_rows,
    arrivals, audit, erasures,
)  # fmt: skip
"""Every module that declares a table."""

METADATA = Row.metadata
