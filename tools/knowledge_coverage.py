"""Coverage of `knowledge/people/` against reference files, and gaps since 2010; only look-ups, nothing is copied.

    python tools/knowledge_coverage.py [REFERENCE_FOLDER] [--gaps] [--list]

The folder may hold factbook_government.json, world_leaders_current.json, world_leaders_wikidata_2022.csv,
foreign_ministers_2023.csv and country_codes.csv; what is not there is left out. `--list` names every miss,
`--gaps` the stretches without a holder. Without a folder only the gaps are reported.
"""

import argparse
import csv
import datetime
import html
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from communique.knowledge import Knowledge, Row, Term
from communique.naming import word_key

# The days on which the references were taken, by the latest dates in them.
FACTBOOK_DAY, LEADERS_2022, MINISTERS_2023 = "2026-02-01", "2022-10-10", "2022-12-12"
SINCE_2010, LONGEST_GAP = "2010-01-01", 31
OFFICES = ("head_of_state", "head_of_government", "foreign_minister")
MIDDLE_EAST = [
    "TUR",
    "IRN",
    "IRQ",
    "ISR",
    "PSE",
    "LBN",
    "SYR",
    "JOR",
    "SAU",
    "ARE",
    "QAT",
    "KWT",
    "BHR",
    "OMN",
    "YEM",
    "EGY",
]
EAST_ASIA = ["CHN", "JPN", "KOR", "PRK", "MNG", "TWN"]
CENTRAL_ASIA = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
# Parts of a holder's line that are no name.
NO_NAMES = [
    "President",
    "Prime",
    "Minister",
    "King",
    "Queen",
    "Gen",
    "Col",
    "Capt",
    "Lt",
    "Sgt",
    "Dr",
    "Prof",
    "Sheikh",
    "Sultan",
    "Prince",
    "Governor",
    "General",
    "Interim",
    "Acting",
    "Sir",
    "Dame",
    "Chancellor",
    "Emir",
    "Amir",
    "Transition",
    "Transitional",
    "Crown",
    "Chairman",
    "Council",
    "State",
    "Chief",
    "Supreme",
    "Leader",
    "Monarch",
    "Senior",
    "Presidential",
    "Leadership",
    "Chairperson",
    "Chair",
    "Captains",
    "Regent",
    "Government",
    "Premier",
    "Administrator",
    "Taoiseach",
    "Commissioner",
    "Assembly",
    "Territorial",
    "Pontifical",
    "Commission",
    "National",
    "People's",
    "Governorate",
    "Executive",
    "Spain",
    "Taliban",
    "Sovereign",
    "Mayor",
    "Island",
    "Lord",
    "Mann",
]
TITLES = re.compile(r"\b(?:" + "|".join(map(re.escape, NO_NAMES)) + r")\b\.?")


@dataclass(frozen=True)
class Expected:
    """What a reference says: somebody holds one of some offices of a state on a day."""

    reference: str
    state: str
    offices: tuple[str, ...]
    name: str
    day: str


def keys(name: str) -> set[str]:
    return {word_key(w) for w in re.split(r"[\s\-–.,'’()]+", name) if len(w) > 1} - {""}


def same(row: Row, name: str) -> bool:
    """Whether a row may bear a reference's name: a surname of it, or two parts."""
    wanted = keys(name)
    ours = set().union(*(keys(n) for n in row.names.values()))
    surnames = set().union(*(keys(s) for s in row.surnames))
    return bool(wanted & surnames) or len(wanted & ours) >= min(2, len(wanted))


def verdict(knowledge: Knowledge, one: Expected) -> str:
    """found; other_day (the person held the office, but not on that day); other (we have another holder); missing."""
    holders = [h for office in one.offices for h in knowledge.holders(one.state, office, one.day)]
    spelt = {row.id for row, _form, _score in knowledge.lookup(one.name, one.day)}
    if any(h.id in spelt or same(h, one.name) for h in holders):
        return "found"
    ever = [h for office in one.offices for h in knowledge.holders_ever(one.state, office)]
    if any(h.id in spelt or same(h, one.name) for h in ever):
        return "other_day"
    return "other" if holders else "missing"


def country_codes(folder: Path) -> list[dict[str, str]]:
    path = folder / "country_codes.csv"
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def named_in(line: str) -> str:
    """The first holder's name in a line such as 'Prime Minister Sifi GHRIEB (since 28 August 2025)'."""
    line = re.sub(r"\([^)\d]*\)", " ", html.unescape(line))
    first = re.split(r"\(|;|,? represented| and Vice| note| of the Netherlands| of Denmark", line)[0]
    words = " ".join(w for w in first.split() if w != w.lower() and not w.endswith("-General"))
    return TITLES.sub(" ", words).strip(" ,.")


def factbook(folder: Path) -> Iterator[Expected]:
    """Heads of state and government; those of territories are left out where they are the parent's."""
    by_fips = {r["FIPS"].lower(): r["ISO3166-1-Alpha-3"] for r in country_codes(folder)}
    by_fips |= {"kv": "XKX", "we": "PSE", "gz": "PSE"}
    knowledge = Knowledge.default()
    content = json.loads((folder / "factbook_government.json").read_text("utf-8"))
    for key, entry in content.items():
        state = by_fips.get(Path(key).stem)
        executive = (entry or {}).get("executive")
        if state is None or not isinstance(executive, dict):
            continue
        row = knowledge.state(state)
        territory = row is not None and row.more.get("status") == "territory"
        for field, office in (("chief of state", OFFICES[0]), ("head of government", OFFICES[1])):
            line = str(executive.get(field) or "")
            name = named_in(line)
            if name and "Vice President" not in line.split("(")[0] and not (territory and office == OFFICES[0]):
                yield Expected("factbook", state, (office,), name, FACTBOOK_DAY)


def leaders_2026(folder: Path) -> Iterator[Expected]:
    by_iso2 = {r["ISO3166-1-Alpha-2"]: r["ISO3166-1-Alpha-3"] for r in country_codes(folder)}
    by_iso2 |= {"EU": "EU", "AU_AF": "AU"}
    content = json.loads((folder / "world_leaders_current.json").read_text("utf-8"))
    for entry in content["countries"].values():
        state = by_iso2[entry["country"]["iso_code"]]
        for office, position in entry["positions"].items():
            holder = (position or {}).get("current_holder") or {}
            offices = (office,) if len(state) == 3 else (*OFFICES, "other")
            if holder.get("name_en"):
                yield Expected("leaders 2026", state, offices, holder["name_en"], content["snapshot_date"])


def by_wikidata(folder: Path) -> dict[str, str]:
    rows = (r for r in country_codes(folder) if r["wikidata_id"])
    known = {r["wikidata_id"].rsplit("/", 1)[-1]: r["ISO3166-1-Alpha-3"] for r in rows}
    return known | {"Q1246": "XKX", "Q29999": "NLD", "Q756617": "DNK", "Q407199": "PSE", "Q219060": "PSE"}


def leaders_2022(folder: Path) -> Iterator[Expected]:
    states = by_wikidata(folder)
    with (folder / "world_leaders_wikidata_2022.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["countryid"] in states and not row["end_year"]:
                state, name = states[row["countryid"]], row["officeholderLabel"]
                yield Expected("wikidata 2022", state, OFFICES[:2], name, LEADERS_2022)


def ministers_2023(folder: Path) -> Iterator[Expected]:
    states = by_wikidata(folder)
    with (folder / "foreign_ministers_2023.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["country"] in states and row["name"]:
                yield Expected("ministers 2023", states[row["country"]], OFFICES[2:], row["name"], MINISTERS_2023)


REFERENCES = {
    "factbook_government.json": factbook,
    "world_leaders_current.json": leaders_2026,
    "world_leaders_wikidata_2022.csv": leaders_2022,
    "foreign_ministers_2023.csv": ministers_2023,
}


def compare(knowledge: Knowledge, folder: Path, listed: bool) -> None:
    for file, expected in REFERENCES.items():
        if not (folder / file).is_file():
            continue
        found: Counter[str] = Counter()
        lines = []
        for one in dict.fromkeys(expected(folder)):
            result = verdict(knowledge, one)
            found[result] += 1
            if result != "found":
                held = {h.name("en") for o in one.offices for h in knowledge.holders(one.state, o, one.day)}
                ours = ", ".join(sorted(held)) or "-"
                lines.append(f"  {result:9} {one.state} {'/'.join(one.offices)} {one.day}: {one.name}; ours: {ours}")
        total = sum(found.values())
        parts = ", ".join(f"{found[k]} {k}" for k in ("found", "other_day", "other", "missing"))
        print(f"{file}: {total} office-holders: {parts} ({found['found'] / total:.1%} found)")
        if listed:
            print("\n".join(lines))


def first_day(date: str | None) -> datetime.date:
    """The earliest day a date with month or year only can mean."""
    return datetime.date.fromisoformat((date or "0001") + "-01-01"[len(date or "0001") - 4 :])


def last_day(date: str | None) -> datetime.date:
    """The latest day a date with month or year only can mean; gaps are then no more than what is certain."""
    if date is None:
        return datetime.date.max
    if len(date) == 4:
        return datetime.date(int(date), 12, 31)
    if len(date) == 7:
        return datetime.date(int(date[:4]), int(date[5:]), 28)
    return datetime.date.fromisoformat(date)


def gaps(terms: list[Term], since: str, today: str) -> list[tuple[str, str]]:
    """Stretches of more than a month without any of the terms."""
    found = []
    reached = datetime.date.fromisoformat(since)
    stop = datetime.date.fromisoformat(today)
    for begins, ends in sorted((first_day(t.since), last_day(t.until)) for t in terms):
        if (min(begins, stop) - reached).days > LONGEST_GAP:
            found.append((reached.isoformat(), min(begins, stop).isoformat()))
        reached = max(reached, ends)
    if reached < stop and (stop - reached).days > LONGEST_GAP:
        found.append((reached.isoformat(), today))
    return found


def watched(knowledge: Knowledge) -> dict[str, set[str]]:
    council = {c for year in range(2010, 2027) for c in knowledge.members("UNSC", f"{year}-06-01")}
    return {
        "G20": {c for c in knowledge.members("G20", None) if knowledge.state(c)},
        "EU": set(knowledge.members("EU", None)) | {"GBR"},
        "Security Council since 2010": council,
        "Central Asia": set(CENTRAL_ASIA),
        "Middle East": set(MIDDLE_EAST),
        "East Asia": set(EAST_ASIA),
    }


def report_gaps(knowledge: Knowledge, listed: bool, today: str) -> None:
    members = {r.code for r in knowledge.rows("state") if r.more.get("status") in ("member", "observer")}
    groups = watched(knowledge)
    groups["all UN members and observers, present holders only"] = members
    for group, states in groups.items():
        since = today if "present" in group else SINCE_2010
        lines, whole = [], 0
        for state in sorted(states):
            for office in OFFICES:
                held = (t for h in knowledge.holders_ever(state, office) for t in h.terms)
                terms = [t for t in held if t.office == office and t.of == state]
                if since == today:
                    missing = [] if any(t.holds(today) for t in terms) else [(today, today)]
                else:
                    missing = gaps(terms, since, today)
                whole += not missing
                lines += [f"  {state} {office}: {a} to {b}" for a, b in missing]
        print(f"{group}: {len(states)} states, {whole} of {len(states) * 3} offices without a gap, {len(lines)} gaps")
        if listed and lines:
            print("\n".join(lines))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--gaps", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    knowledge = Knowledge.default()
    if options.folder:
        compare(knowledge, options.folder, options.list)
    if options.gaps or not options.folder:
        report_gaps(knowledge, options.list, datetime.date.today().isoformat())
    return 0


if __name__ == "__main__":
    sys.exit(main())
