"""The account's own table of insurers: put in place as CSV, listed, and used by its checks."""

from __future__ import annotations

from connector.actions import recheck_certificate
from connector.actions.action import Flat, Given
from connector.actions.inputs import text
from connector.actions.listing import Filters, Listing, Page, page_size
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind
from connector.checking.ratings import read_ratings
from connector.storage import audit, checks, ratings, standing
from connector.storage.audit import Act


class RatingFilters(Filters):
    naic = text("NAIC code", help="Only the insurer of this code, for example 10001.")


RATING_FIELDS = (
    Field("naic", "NAIC code", Kind.TEXT, "10001"),
    Field("insurer_name", "Insurer", Kind.TEXT, "Granite Mutual Insurance Company"),
    Field("rating", "Rating", Kind.TEXT, "A-", "Its letter in your own table; empty when it has none."),
    Field("size_class", "Size class", Kind.TEXT, "VII", "Its financial size class in your own table."),
)  # fmt: skip


def put(table: str, caller: Caller, services: Services) -> Flat:
    """Let the account's table be what this CSV says; what rests on ratings is checked again.

    InvalidInput names the line that is wrong; nothing is changed then.
    """
    found = read_ratings(table)
    asking = {name for name, rules in services.rule_sets.items() if rules.asks_ratings}
    with services.sessions() as session, session.begin():
        before = dict(ratings.find(session, caller.account_id))
        again: list[str] = []
        if before != found:
            ratings.replace(session, caller.account_id, found.values())
            said = {"insurers_before": len(before), "insurers": len(found)}
            now, act = services.clock(), Act.RATINGS_REPLACED
            audit.record(session, caller.account_id, act, now, details=said)
            about = {line.certificate_id for line in standing.lines(session, caller.account_id)}
            concerned = checks.concerning(session, caller.account_id, sorted(about))
            again = [check.certificate_id for check in concerned if check.rule_set in asking]
            for certificate_id in again:
                asked = {"certificate_id": certificate_id}
                services.enqueue(session, caller, recheck_certificate.NAME, asked)
    return {"insurers": len(found), "checked_again": len(again), "is_duplicate": before == found}


def _find(given: Given, caller: Caller, services: Services) -> Page:
    with services.readers() as session:
        found = ratings.find(session, caller.account_id)
    rows: list[Flat] = [
        {
            "naic": rating.naic,
            "insurer_name": rating.name,
            "rating": rating.rating,
            "size_class": rating.size,
        }
        for rating in found.values()
        if rating.naic > (given["cursor"] or "") and given["naic"] in (None, rating.naic)
    ]
    limit = page_size(given)
    return Page(rows[:limit], str(rows[limit - 1]["naic"]) if len(rows) > limit else None)


INSURER_RATINGS = Listing(
    "insurer_ratings",
    "Insurer ratings",
    "The account's own table of insurers, by NAIC code.",
    RATING_FIELDS,
    _find,
    RatingFilters,
)
