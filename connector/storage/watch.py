"""What is written to the audit log by itself: rows that say somebody did something.

Asked before every flush of every session, so that an act has its entry in its own transaction,
whatever code does it: a new button or command cannot forget to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from connector.certificate.entries import entry_from_json
from connector.certificate.field import Scalar, scalar
from connector.certificate.fields import BY_PATH
from connector.delivery import MailStatus
from connector.storage.accounts import Account
from connector.storage.api_keys import ApiKey
from connector.storage.audit import Act, record
from connector.storage.cancellations import StoredCancellation
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.connections import StoredConnection
from connector.storage.corrections import StoredCorrection
from connector.storage.hooks import Hook
from connector.storage.login_links import LoginLink
from connector.storage.logins import Login
from connector.storage.mails import StoredMail
from connector.storage.prepared_items import StoredItem
from connector.storage.pushes import StoredPush
from connector.storage.schema import Row
from connector.storage.sent_links import LinkKind, SentLink
from connector.storage.users import User
from connector.storage.waivers import StoredWaiver


def note(session: Session, *_: object) -> None:
    """Add the entries of what is about to be written."""
    for row in list(session.new):
        if tell := _NEW.get(type(row)):
            tell(session, row)
    for row in list(session.dirty):
        if tell := _CHANGED.get(type(row)):
            tell(session, row)


def _is_changed(row: Row, attribute: str) -> bool:
    return bool(inspect(row).attrs[attribute].history.has_changes())


def _before(row: Row, attribute: str) -> Any:
    deleted = inspect(row).attrs[attribute].history.deleted
    return deleted[0] if deleted else None


def _vendor_of(session: Session, certificate_id: str) -> str | None:
    found = select(StoredCertificate.vendor_id).where(StoredCertificate.id == certificate_id)
    return session.scalar(found)


def _changed_names(row: Row, attribute: str) -> str | None:
    """The names of the settings that differ: never what they are, some are nobody's business."""
    new: Mapping[str, Any] = getattr(row, attribute) or {}
    old: Mapping[str, Any] = _before(row, attribute) or {}
    names = sorted(name for name in new.keys() | old.keys() if new.get(name) != old.get(name))
    return ", ".join(names) or None


def _certificate(session: Session, row: StoredCertificate) -> None:
    at, about = row.updated_at, {"vendor_id": row.vendor_id, "certificate_id": row.id}
    if _is_changed(row, "reader_version"):
        said: dict[str, Scalar] = {"document_id": row.document_id, "page": row.page}
        said |= {"reader_version": row.reader_version, "needs_review": row.needs_review}
        record(session, row.account_id, Act.CERTIFICATE_READ, at, subject=row.id, details=said, **about)  # fmt: skip
    if _is_changed(row, "vendor_id") and row.vendor_id is not None:
        said = {"vendor_before": _before(row, "vendor_id")}
        record(session, row.account_id, Act.CERTIFICATE_ASSIGNED, at, subject=row.id, details=said, **about)  # fmt: skip


def _correction(session: Session, row: StoredCorrection) -> None:
    before = entry_from_json(row.path, row.before)
    record(
        session,
        row.account_id,
        Act.CERTIFICATE_CORRECTED,
        row.at,
        who=row.by,
        subject=row.certificate_id,
        vendor_id=_vendor_of(session, row.certificate_id),
        certificate_id=row.certificate_id,
        details={
            "field": BY_PATH[row.path].key,
            "before": before.words if before.value is None else scalar(before.value),
            "state_before": before.state.value,
            "typed": row.typed,
        },
    )


def _undone(session: Session, row: StoredCorrection) -> None:
    if _is_changed(row, "undone_at") and row.undone_at is not None:
        record(
            session,
            row.account_id,
            Act.CORRECTION_UNDONE,
            row.undone_at,
            who=row.undone_by,
            subject=row.certificate_id,
            vendor_id=_vendor_of(session, row.certificate_id),
            certificate_id=row.certificate_id,
            details={"field": BY_PATH[row.path].key, "typed": row.typed},
        )


def _check(session: Session, row: StoredCheck) -> None:
    record(
        session,
        row.account_id,
        Act.CERTIFICATE_CHECKED,
        row.created_at,
        subject=row.id,
        vendor_id=row.vendor_id,
        certificate_id=row.certificate_id,
        details={
            "rule_set": row.rule_set,
            "version": row.version,
            "rules_digest": row.digest,
            "status": row.status,
            "on": scalar(row.on),
            "project": row.project or None,
        },
    )


def _waiver(session: Session, row: StoredWaiver) -> None:
    record(
        session,
        row.account_id,
        Act.WAIVER_GIVEN,
        row.created_at,
        who=row.person,
        subject=row.id,
        vendor_id=row.vendor_id,
        details={"rule": row.rule_id, "reason": row.reason, "expires": scalar(row.expires)},
    )


def _waiver_revoked(session: Session, row: StoredWaiver) -> None:
    if _is_changed(row, "revoked_at") and row.revoked_at is not None:
        record(
            session,
            row.account_id,
            Act.WAIVER_REVOKED,
            row.revoked_at,
            who=row.revoked_by,
            subject=row.id,
            vendor_id=row.vendor_id,
            details={"rule": row.rule_id},
        )


def _dismissed(session: Session, row: StoredCancellation) -> None:
    if _is_changed(row, "dismissed_at") and row.dismissed_at is not None:
        record(
            session,
            row.account_id,
            Act.CANCELLATION_DISMISSED,
            row.dismissed_at,
            who=row.dismissed_by,
            subject=row.id,
            vendor_id=row.vendor_id,
            details={"policy_number": row.policy_number, "reason": row.reason},
        )


def _push(session: Session, row: StoredPush) -> None:
    """Once it came to something: that it waits or is tried again is nobody's act."""
    if row.is_held or row.status == "queued" or not _is_changed(row, "status"):
        return
    receipt = row.receipt or {}
    record(
        session,
        row.account_id,
        Act.PUSH_SETTLED,
        row.updated_at,
        subject=row.id,
        vendor_id=_vendor_of(session, row.certificate_id),
        certificate_id=row.certificate_id,
        details={
            "destination": row.destination,
            "status": row.status,
            "records": receipt.get("external_ids"),
            "error": row.error_code,
        },
    )


def _acknowledged(session: Session, row: StoredItem) -> None:
    if not _is_changed(row, "acknowledged_at") or row.acknowledged_at is None:
        return
    certificate_id = session.scalar(
        select(StoredPush.certificate_id).where(StoredPush.id == row.push_id)
    )
    record(
        session,
        row.account_id,
        Act.PUSH_ACKNOWLEDGED,
        row.acknowledged_at,
        who=row.acknowledged_by,
        subject=row.push_id,
        vendor_id=_vendor_of(session, certificate_id) if certificate_id else None,
        certificate_id=certificate_id,
        details={"destination": row.destination},
    )


def _mail(session: Session, row: StoredMail) -> None:
    if row.status in (MailStatus.WAITING, MailStatus.SENDING) or not _is_changed(row, "status"):
        return
    record(
        session,
        row.account_id,
        Act.NOTICE_SENT,
        row.updated_at,
        subject=row.id,
        vendor_id=_vendor_of(session, row.certificate_id),
        certificate_id=row.certificate_id,
        details={
            "kind": row.kind,
            "recipient": row.recipient,
            "role": row.role,
            "status": row.status,
        },
    )


def _key(session: Session, row: ApiKey) -> None:
    said: dict[str, Scalar] = {"name": row.name, "begins_with": row.prefix}
    said |= {"scopes": ", ".join(row.scopes) or None, "expires": scalar(row.expires_at)}
    record(session, row.account_id, Act.KEY_MADE, row.created_at, subject=row.id, details=said)


def _key_changed(session: Session, row: ApiKey) -> None:
    """Ended at once, or replaced and good for a while still."""
    said: dict[str, Scalar] = {"name": row.name, "begins_with": row.prefix}
    if _is_changed(row, "revoked_at") and row.revoked_at is not None:
        record(session, row.account_id, Act.KEY_ENDED, row.revoked_at, subject=row.id, details=said)
    elif _is_changed(row, "expires_at"):
        said["expires"] = scalar(row.expires_at)
        now = datetime.now(UTC)
        record(session, row.account_id, Act.KEY_REPLACED, now, subject=row.id, details=said)


def _connection(session: Session, row: StoredConnection) -> None:
    said: dict[str, Scalar] = {"destination": row.destination, "name": row.name}
    record(
        session, row.account_id, Act.CONNECTION_MADE, row.created_at, subject=row.id, details=said
    )


def _connection_changed(session: Session, row: StoredConnection) -> None:
    """A renewed login is no act; a removed connection is one, and so is a changed setting."""
    said: dict[str, Scalar] = {"destination": row.destination, "name": row.name}
    if _is_changed(row, "removed_at") and row.removed_at is not None:
        act = Act.CONNECTION_REMOVED
    elif _is_changed(row, "settings") and (names := _changed_names(row, "settings")):
        act, said["changed"] = Act.CONNECTION_CHANGED, names
    else:
        return
    record(session, row.account_id, act, row.updated_at, subject=row.id, details=said)


def _host(url: str) -> str | None:
    """Of a hook's address the host alone: the rest is often a secret of its receiver."""
    return urlsplit(url).hostname


def _hook(session: Session, row: Hook) -> None:
    said: dict[str, Scalar] = {"event": row.event, "host": _host(row.target_url)}
    record(session, row.account_id, Act.HOOK_MADE, row.created_at, subject=row.id, details=said)


def _hook_removed(session: Session, row: Hook) -> None:
    if _is_changed(row, "removed_at") and row.removed_at is not None:
        said: dict[str, Scalar] = {"event": row.event, "host": _host(row.target_url)}
        said["reason"] = row.removed_why
        record(
            session, row.account_id, Act.HOOK_REMOVED, row.removed_at, subject=row.id, details=said
        )


def _link(session: Session, row: SentLink) -> None:
    is_upload = row.kind == LinkKind.UPLOAD
    act = Act.UPLOAD_LINK_MADE if is_upload else Act.REVIEW_LINK_MADE
    said: dict[str, Scalar] = {"project": row.project or None, "for": row.person}
    said["until"] = scalar(row.expires_at)
    _about_link(session, row, act, row.created_at, said)


def _link_ended(session: Session, row: SentLink) -> None:
    if _is_changed(row, "ended_at") and row.ended_at is not None:
        is_upload = row.kind == LinkKind.UPLOAD
        act = Act.UPLOAD_LINK_ENDED if is_upload else Act.REVIEW_LINK_ENDED
        said: dict[str, Scalar] = {"for": row.person, "because": row.ended_why}
        _about_link(session, row, act, row.ended_at, said)


def _about_link(
    session: Session, row: SentLink, act: Act, at: datetime, said: dict[str, Scalar]
) -> None:
    about = row.certificate_id
    record(
        session,
        row.account_id,
        act,
        at,
        subject=row.id,
        vendor_id=_vendor_of(session, about) if about else row.vendor_id,
        certificate_id=row.certificate_id,
        details=said,
    )


def _login(session: Session, row: Login) -> None:
    record(
        session,
        row.account_id,
        Act.LOGIN_BEGUN,
        row.created_at,
        who=row.person,
        subject=row.user_id,
        certificate_id=row.only_certificate_id,
        details={"role": row.role, "by_link": row.user_id is None},
    )


def _logged_out(session: Session, row: Login) -> None:
    """By the person: that logins end with a new password, or with access, those entries say."""
    if _is_changed(row, "ended_at") and row.ended_at is not None:
        record(
            session,
            row.account_id,
            Act.LOGIN_ENDED,
            row.ended_at,
            who=row.person,
            subject=row.user_id,
            certificate_id=row.only_certificate_id,
        )


def _login_link(session: Session, row: LoginLink) -> None:
    user = session.get_one(User, row.user_id)
    said: dict[str, Scalar] = {"for": user.name, "until": scalar(row.expires_at)}
    act = Act.LOGIN_LINK_MADE
    record(session, user.account_id, act, row.created_at, subject=user.id, details=said)


def _user(session: Session, row: User) -> None:
    """Someone who chose a password, or is let in no more. The row has no moment for the former."""
    if _is_changed(row, "password") and row.password is not None:
        now, act = datetime.now(UTC), Act.PASSWORD_CHOSEN
        record(session, row.account_id, act, now, who=row.name, subject=row.id)
    if _is_changed(row, "ended_at") and row.ended_at is not None:
        said: dict[str, Scalar] = {"email": row.email}
        record(
            session, row.account_id, Act.PERSON_ENDED, row.ended_at, subject=row.id, details=said
        )


def _account(session: Session, row: Account) -> None:
    """The row has no moment of its own for it, so it is the machine's."""
    names = [name for name in ("name", "time_zone", "legal_names") if _is_changed(row, name)]
    if _is_changed(row, "settings"):
        names += filter(None, [_changed_names(row, "settings")])
    if names:
        said: dict[str, Scalar] = {"changed": ", ".join(names)}
        record(session, row.id, Act.ACCOUNT_CHANGED, datetime.now(UTC), details=said)


Tell = Callable[[Session, Any], None]

_NEW: dict[type, Tell] = {
    StoredCorrection: _correction,
    StoredCheck: _check,
    StoredWaiver: _waiver,
    ApiKey: _key,
    StoredConnection: _connection,
    Hook: _hook,
    Login: _login,
    LoginLink: _login_link,
    SentLink: _link,
}
_CHANGED: dict[type, Tell] = {
    StoredCertificate: _certificate,
    StoredCorrection: _undone,
    StoredWaiver: _waiver_revoked,
    StoredCancellation: _dismissed,
    StoredPush: _push,
    StoredItem: _acknowledged,
    StoredMail: _mail,
    ApiKey: _key_changed,
    StoredConnection: _connection_changed,
    Hook: _hook_removed,
    SentLink: _link_ended,
    Login: _logged_out,
    User: _user,
    Account: _account,
}
