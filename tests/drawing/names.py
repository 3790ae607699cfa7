"""Made-up firms, people and places. Domains end in .example, telephone numbers hold 555."""

from __future__ import annotations

from random import Random

from demo.sheet import Party

_FIRST = (
    "Northfield", "Copper Ridge", "Halloran", "Blue Heron", "Iron Gate", "Westbrook", "O'Malley", "Delgado",
    "Tri-County", "Lakeshore", "Kestrel", "Pinnacle", "J. R. Whitman", "Santoro & Sons", "Bayou", "Old Mill",
    "Quincy", "Silver Fork", "McAllister", "Cedar Hollow", "Vantage", "Muñoz", "Hidden Valley", "1st Choice",
    "A-1", "K & L", "Stonebridge", "Ozark", "Mesa Verde", "Twin Oaks", "Fjord", "Juniper", "Illinois Valley",
)  # fmt: skip
_TRADE = (
    "Roofing", "Electric", "Plumbing & Heating", "Drywall", "Concrete", "Steel Erectors", "Masonry", "Painting",
    "Excavating", "Mechanical", "Glass & Glazing", "Fire Protection", "Interiors", "Landscaping", "Demolition",
    "Elevator", "Insulation", "Paving", "HVAC", "Tile & Stone", "Waterproofing", "Scaffold", "Millwork",
)  # fmt: skip
_SUFFIX = (
    "LLC",
    "Inc",
    "Inc.",
    "Corp",
    "Co., Inc.",
    "L.L.C.",
    "Company",
    "LP",
    "Group LLC",
    "Contractors, Inc.",
)
_BUILDER = ("Builders", "Construction", "Development", "Contracting", "Properties", "Constructors")
_INSURER_FIRST = (
    "Granite", "Harbor", "Prairie State", "Keystone", "Cascade", "Old Dominion", "Lone Pine", "Meridian", "Beacon",
    "Great River", "Sentinel Bay", "Redwood", "Atlas", "Commonwealth", "Blue Ridge", "Pioneer", "Cardinal", "Summit",
    "Evergreen", "North Star",
)  # fmt: skip
_INSURER_LAST = (
    "Mutual Insurance Company", "Casualty Company", "Indemnity Co", "Insurance Co of America", "Fire & Marine Ins Co",
    "Specialty Insurance Company", "Surplus Lines Ins. Co.", "National Ins Co", "Property & Casualty Ins Co",
    "Employers Insurance Company", "Assurance Corp.", "Underwriters at Example", "Excess & Surplus Insurance Co",
)  # fmt: skip
_AGENCY_LAST = (
    "Insurance Agency",
    "Insurance Services, Inc.",
    "& Associates",
    "Risk Partners LLC",
    "Brokerage Inc",
)
_STREET = (
    "Quarry Road", "Main Street", "N. Lake St", "Industrial Pkwy", "Commerce Drive", "Old State Rte 9", "5th Avenue",
    "Mill Creek Ln", "Harbor Blvd", "County Road 12", "W. Jackson Blvd", "Airport Way", "Oakwood Ct", "Broadway",
)  # fmt: skip
_CITY = (
    ("Peoria", "IL", "61602"), ("Springfield", "IL", "62701"), ("Smyrna", "TN", "37167-6067"), ("Clive", "IA", "50325"),
    ("Reno", "NV", "89501"), ("Fort Worth", "TX", "76102"), ("St. Paul", "MN", "55101"), ("Erie", "PA", "16501-1234"),
    ("Albany", "NY", "12207"), ("Mobile", "AL", "36602"), ("Boise", "ID", "83702"), ("Newark", "NJ", "07102"),
    ("Worcester", "MA", "01608"), ("Tucson", "AZ", "85701"), ("Lafayette", "LA", "70501"), ("Fargo", "ND", "58102"),
    ("Toronto", "ON", "M5V 2T6"), ("Winston-Salem", "NC", "27101"), ("Coeur d'Alene", "ID", "83814"), ("San Juan", "PR", "00901"),
)  # fmt: skip
_PERSON_FIRST = (
    "Dana",
    "Luis",
    "Priya",
    "Marcus",
    "Eileen",
    "Tomás",
    "Grace",
    "Owen",
    "Yuki",
    "Beatrice",
)
_PERSON_LAST = (
    "Whitfield",
    "Okafor",
    "Reyes",
    "Lindqvist",
    "Hoffman",
    "Nguyen",
    "Castellanos",
    "Byrne",
    "Ito",
)


def firm(rng: Random) -> str:
    return f"{rng.choice(_FIRST)} {rng.choice(_TRADE)} {rng.choice(_SUFFIX)}"


def builder(rng: Random) -> str:
    return f"{rng.choice(_FIRST)} {rng.choice(_BUILDER)} {rng.choice(_SUFFIX)}"


def insurer(rng: Random) -> str:
    return f"{rng.choice(_INSURER_FIRST)} {rng.choice(_INSURER_LAST)}"


def agency(rng: Random) -> str:
    return f"{rng.choice(_PERSON_LAST)} {rng.choice(_AGENCY_LAST)}"


def person(rng: Random) -> str:
    return f"{rng.choice(_PERSON_FIRST)} {rng.choice(_PERSON_LAST)}"


def phone(rng: Random) -> str:
    area, last = rng.randrange(201, 990), rng.randrange(100, 200)
    return rng.choice(("({}) 555-0{}", "{}-555-0{}", "{}.555.0{}")).format(area, last)


def email(rng: Random, owner: str) -> str:
    domain = "".join(letter for letter in owner.lower() if letter.isascii() and letter.isalnum())
    return f"{rng.choice(('certs', 'coi', 'certificates', 'service'))}@{domain[:18]}.example"


def located(rng: Random, *names: str) -> Party:
    """These name lines with a made-up address."""
    street = rng.choice(
        (f"{rng.randrange(1, 9999)} {rng.choice(_STREET)}", f"PO Box {rng.randrange(10, 99999)}")
    )
    streets = (street, f"Suite {rng.randrange(1, 900)}") if rng.random() < 0.25 else (street,)
    city, state, code = rng.choice(_CITY)
    return Party(names, streets, city, state, code)


def naic_code(rng: Random) -> str:
    """Five digits, now and then with leading zeros."""
    return f"{rng.choice((rng.randrange(10000, 45000), rng.randrange(10000, 45000), rng.randrange(12, 900))):05d}"
