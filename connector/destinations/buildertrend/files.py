"""The files that a person carries into Buildertrend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connector.delivery import PreparedFile, Sources, Way, zipped
from connector.destinations.buildertrend.content import FIELDS
from connector.destinations.buildertrend.template import fill
from connector.destinations.buildertrend.ways import IMPORT, SELF_UPLOAD
from connector.documents.name import clean_name
from connector.errors import NotFound
from connector.spreadsheets import XLSX, xlsx

NO_LONGER_KEPT = "the file is no longer kept; send the certificate again"

MAIL = """\
{to}Subject: Please upload your certificate of insurance to Buildertrend

Hello {name},

we have accepted your certificate of insurance. Please keep it in Buildertrend as well:

1. Log in to Buildertrend.
2. Click the user icon, then Settings, then Certificates.
3. Choose the attached file ({file}).
4. Enter the expiration dates:
{dates}
5. Save.

Thank you.
"""


def write(way: Way, contents: Sequence[Mapping[str, Any]], sources: Sources) -> PreparedFile:
    """What the link leads to. `contents` are the rows of everything that is carried over."""
    rows = _named(contents)
    if way is IMPORT:
        last = rows[-1]
        book = fill(sources.document(last["template_sha256"]), last["columns"], _of_subs(rows))
        return PreparedFile("buildertrend-import.xlsx", XLSX, book)
    if way is SELF_UPLOAD:
        (row,) = rows
        mail = PreparedFile("mail.txt", "text/plain", _mail(row).encode())
        return zipped(f"{_stem(row)}.zip", [mail, _document(row, sources)])
    documents = []
    for row in rows:
        try:
            documents.append(_document(row, sources))
        except NotFound:  # one file that is gone keeps nobody from the others
            row["file_name"] = NO_LONGER_KEPT
    subs = PreparedFile("subs.xlsx", XLSX, xlsx("Subs", FIELDS, rows))
    return zipped("buildertrend-packet.zip", [subs, *documents])


def _named(contents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with a file name each, no two alike, whatever case a disk minds."""
    taken: set[str] = set()
    rows = []
    for content in contents:
        stem, count = _stem(content), 1
        name = f"{stem}{content['ending']}"
        while name.casefold() in taken:
            count += 1
            name = f"{stem} ({count}){content['ending']}"
        taken.add(name.casefold())
        rows.append({**content, "file_name": name})
    return rows


def _of_subs(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a sub: what a newer certificate of it leaves empty stands on an older one.

    Buildertrend would make a second sub of a second row.
    """
    subs: dict[str, dict[str, Any]] = {}
    for row in rows:
        said = {key: value for key, value in row.items() if value not in (None, "")}
        subs.setdefault(str(row["vendor_name"]).casefold(), dict(row)).update(said)
    return list(subs.values())


def _stem(content: Mapping[str, Any]) -> str:
    """ "Northfield Roofing LLC - insurance - 2027-03-01"."""
    ends = [
        content[f"{line}_expiration_date"] for line in ("general_liability", "workers_compensation")
    ]
    first = min(filter(None, ends), default="no date")
    name = content["vendor_name"].replace("/", "-").replace("\\", "-")
    return clean_name(f"{clean_name(name)[:80]} - insurance - {first}")


def _document(row: Mapping[str, Any], sources: Sources) -> PreparedFile:
    data = sources.document(row["document_sha256"])
    return PreparedFile(row["file_name"], "application/octet-stream", data)


def _mail(row: Mapping[str, Any]) -> str:
    named = {
        "General liability": row["general_liability_expiration_date"],
        "Workers' comp": row["workers_compensation_expiration_date"],
    }
    dates = [f"   {label}: {day}" for label, day in named.items() if day]
    to = f"To: {row['vendor_email']}\n" if row["vendor_email"] else ""
    name = " ".join(str(row["vendor_name"]).split())
    return MAIL.format(to=to, name=name, file=row["file_name"], dates="\n".join(dates))
