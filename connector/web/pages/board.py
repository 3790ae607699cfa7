"""/: every vendor with what it needs, what covers it until when, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from connector.storage import accounts, board, standing
from connector.storage.accounts import Account
from connector.storage.board import BoardRow, Need, Sort, Wanted
from connector.storage.coverage_lines import CoverageLine
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages import board_file
from connector.web.pages.visitor import Visitor, page_for
from connector.web.pages.week_chart import chart, week_of
from connector.web.pages.words import LINE_WORDS, LINES_ON_BOARD, NEED_WORDS, day, dollars

routes = Blueprint("board", __name__)

PAGE_SIZE = 50
SAID_OF_MISSING = 2
"""Sentences on what is missing beside a vendor; its own page has all."""
DEFAULT_MINUTES = 20
"""What typing a certificate by hand takes, until the office says its own figure."""

SORT_WORDS = {
    Sort.NEED: "What needs a person",
    Sort.ENDS: "What ends first",
    Sort.NAME: "Name",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One coverage line of a vendor. `state` is fine, soon, gone, doubt or none."""

    ends: str
    limit: str
    state: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A vendor's line on the board; `more` counts the sentences that are left out."""

    row: BoardRow
    cells: tuple[Cell, ...]
    missing: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; whatever is no answer to choose from is left out."""

    wanted: Wanted
    sort: Sort
    week: date | None
    page: int

    def address(self, path: str = "/", **changed: str | int | None) -> str:
        """The board's address with something changed; what says nothing is left out."""
        query = {
            "need": self.wanted.need,
            "name": self.wanted.name,
            "project": self.wanted.project,
            "sort": self.sort if self.sort is not Sort.NEED else None,
            "week": self.week.isoformat() if self.week else None,
            **changed,
        }
        said = urlencode({key: value for key, value in query.items() if value})
        return f"{path}?{said}" if said else path


@routes.get("/")
@page_for(Role.VIEWER)
def show(visitor: Visitor) -> ResponseReturnValue:
    """A page of vendors, those that need a person first."""
    asked = _asked()
    with services().readers() as session:
        account = accounts.get(session, visitor.account_id)
        today = services().today(account)
        start = (asked.page - 1) * PAGE_SIZE
        rows = board.rows(
            session, account.id, today, asked.wanted, sort=asked.sort, start=start, limit=PAGE_SIZE + 1
        )  # fmt: skip
        counts = board.counts(session, account.id, today, asked.wanted)
        shown = _shown(session, account.id, rows[:PAGE_SIZE], today)
        return render_template(
            "board.html",
            rows=shown,
            counts=counts,
            total=sum(counts.values()),
            has_more=len(rows) > PAGE_SIZE,
            asked=asked,
            projects=board.projects(session, account.id),
            chart=chart(session, account.id, asked.wanted.project, today),
            saved=_saved(session, account),
            need_words=NEED_WORDS,
            sort_words=SORT_WORDS,
            lines=[LINE_WORDS[line] for line in LINES_ON_BOARD],
            day=day,
        )


@routes.get("/board.csv")
@routes.get("/board.xlsx")
@page_for(Role.VIEWER)
def export(visitor: Visitor) -> ResponseReturnValue:
    """All vendors that the filters leave, as a file."""
    asked = _asked()
    with services().readers() as session:
        today = services().today(accounts.get(session, visitor.account_id))
        rows = board.rows(
            session, visitor.account_id, today, asked.wanted, sort=asked.sort, limit=None
        )
        return board_file.download(session, visitor.account_id, rows, today)


def _asked() -> Asked:
    said = request.args
    week = week_of(said.get("week"))
    wanted = Wanted(
        need=Need(said["need"]) if said.get("need") in set(Need) else None,
        name=said.get("name", "").strip()[:100],
        project=said.get("project", ""),
        ends=(week, week + timedelta(days=6)) if week else None,
    )
    sort = Sort(said["sort"]) if said.get("sort") in set(Sort) else Sort.NEED
    return Asked(wanted, sort, week, max(1, min(said.get("page", 1, type=int), 100_000)))


def _shown(session: Session, account_id: str, rows: list[BoardRow], today: date) -> list[Shown]:
    found = standing.of_vendors(session, account_id, [row.vendor_id for row in rows])
    by_place = {(line.vendor_id, line.line): line for line in found}
    return [
        _line(row, [by_place.get((row.vendor_id, name)) for name in LINES_ON_BOARD], today)
        for row in rows
    ]


def _line(row: BoardRow, lines: list[CoverageLine | None], today: date) -> Shown:
    said = tuple((row.missing or "").splitlines())
    return Shown(
        row,
        tuple(_cell(line, today) for line in lines),
        said[:SAID_OF_MISSING],
        len(said[SAID_OF_MISSING:]),
    )


def _cell(line: CoverageLine | None, today: date) -> Cell:
    if line is None:
        return Cell("—", "", "none")
    ends = line.expiration_date
    if ends is None:
        return Cell("in doubt" if line.is_unclear else "no date", dollars(line.limit), "doubt")
    state = "gone" if ends <= today else "soon" if ends <= today + board.SOON else "fine"
    return Cell(day(ends), dollars(line.limit), state)


@dataclass(frozen=True, slots=True)
class Saved:
    """What the service saved: certificates that no person had to look at, at minutes each."""

    on_file: int
    untouched: int
    minutes: int

    @property
    def words(self) -> str:
        """ "40 minutes", or "25 hours"."""
        total = self.untouched * self.minutes
        return f"{total // 60:,} hours" if total >= 120 else f"{total} minutes"


def _saved(session: Session, account: Account) -> Saved:
    on_file, untouched = board.count_read(session, account.id)
    return Saved(on_file, untouched, int(account.settings.get("review_minutes", DEFAULT_MINUTES)))
