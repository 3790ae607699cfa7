"""ACTIONS: everything that can be asked for, by name. Zapier and Make are generated from it."""

from __future__ import annotations

from connector.actions import (
    acknowledge_push,
    check_certificate,
    dismiss_cancellation,
    find_certificate,
    find_vendor_coverage,
    log_to_sheet,
    parse_certificate,
    process_certificate,
    push_to_buildertrend,
    push_to_gcpay,
    push_to_procore,
    recheck_certificate,
    revoke_waiver,
    send_notice,
    waive_requirement,
)
from connector.actions.action import Action

ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        parse_certificate.ACTION,
        check_certificate.ACTION,
        push_to_procore.ACTION,
        log_to_sheet.ACTION,
        process_certificate.ACTION,
        send_notice.ACTION,
        push_to_buildertrend.ACTION,
        push_to_gcpay.ACTION,
        acknowledge_push.ACTION,
        recheck_certificate.ACTION,
        waive_requirement.ACTION,
        revoke_waiver.ACTION,
        dismiss_cancellation.ACTION,
        find_certificate.ACTION,
        find_vendor_coverage.ACTION,
    )
}
