"""The closed knowledge: names → candidates, id → row, who held which office on a day, members of a body on a day.

In: `data/knowledge.json` as built from `knowledge/`, and a user's own YAML. Out: rows and senses.
Must not know documents; which of several senses is meant is for `reading.mentions` to decide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from communique.compiling import SINGLE_HOLDER, Compiled, fold, surface_key
from communique.errors import KnowledgeError
from communique.naming import name_key, person_keys, similar

VERSION = "2026.11"
LEAST_LIKENESS = 0.6
"""Below it two names that share a key are two names ('Qwertz' and 'Kövér'); 'Poutine' and 'Putin' have .83."""


class Term(NamedTuple):
    """One term of one office: ISO dates or their beginnings, `until` exclusive."""

    office: str
    of: str
    since: str | None
    until: str | None
    title: str | None
    shared: bool
    source: str | None

    def holds(self, day: str | None) -> bool:
        """Whether the office was held on a day (without a day: whether the term is still open)."""
        if day is None:
            return self.until is None
        return (self.since or "") <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Row:
    """One state, organisation, person, initiative, outlet or city of the knowledge."""

    id: str
    kind: str
    names: dict[str, str]
    code: str | None = None
    state: str | None = None
    sector: str | None = None
    wikidata: str | None = None
    gender: str | None = None
    surnames: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """The usual name in a language, else the English one, else any."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()), self.id)

    def term_on(self, day: str | None) -> Term | None:
        """The weightiest term held on a day (heads of state first)."""
        held = [t for t in self.terms if t.holds(day)]
        return min(held, key=lambda t: _RANK.get(t.office, 9)) if held else None


_RANK = {"head_of_state": 0, "head_of_government": 1, "foreign_minister": 2, "minister": 3}


class Sense(NamedTuple):
    """One thing a surface can mean, and in which form it names it (name, adjective, surname, …)."""

    row: Row
    form: str


def _row(raw: dict[str, Any]) -> Row:
    own = {k: raw.get(k) for k in ("id", "kind", "code", "state", "sector", "wikidata", "gender")}
    rest = {k: v for k, v in raw.items() if k not in own and k not in ("names", "surnames", "terms")}
    terms = tuple(Term(*t) for t in raw.get("terms") or ())
    names = raw.get("names") or {}
    return Row(**own, names=names, surnames=tuple(raw.get("surnames") or ()), terms=terms, more=rest)  # type: ignore[arg-type]


class Knowledge:
    """Rows and the index of their surfaces; look-ups cost microseconds and change nothing."""

    def __init__(
        self,
        rows: Sequence[dict[str, Any]],
        surfaces: dict[str, list[list[Any]]],
        contested: Sequence[dict[str, Any]],
        keys: dict[str, list[list[Any]]],
    ) -> None:
        self._raw = list(rows)
        self._keys = keys
        self._rows: dict[int, Row] = {}
        self._surfaces = surfaces
        self.contested = tuple(contested)
        self._by_id = {raw["id"]: n for n, raw in enumerate(self._raw)}
        self._longest: dict[str, int] = {}
        for surface in surfaces:
            first, _, rest = surface.partition(" ")
            length = rest.count(" ") + 2 if rest else 1
            if length > self._longest.get(first, 0):
                self._longest[first] = length
        self._holders: dict[tuple[str, str], list[int]] = {}
        for n, raw in enumerate(self._raw):
            for term in raw.get("terms") or ():
                self._holders.setdefault((term[1], term[0]), []).append(n)
        self.version = VERSION
        self._recoded = self._codes_of_contested()

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> Knowledge:
        """The shipped knowledge, with a user's own files laid over it.

        Raises KnowledgeError with file and row where an own file breaks the schema.
        """
        content = json.loads((files("communique") / "data" / "knowledge.json").read_text("utf-8"))
        rows, surfaces, contested = content["rows"], content["surfaces"], content["contested"]
        _add_cities(rows, surfaces)
        for path in extra:
            own = _own(path)
            _lay_over(rows, surfaces, own)
            for key, senses in person_keys(surfaces, frozenset(own.surfaces)).items():
                content["keys"][key] = senses
            taken = {surface_key(str(row["name"])).lower() for row in own.contested}
            contested = own.contested + [row for row in contested if surface_key(row["name"]).lower() not in taken]
        return cls(rows, surfaces, contested, content["keys"])

    @classmethod
    @lru_cache(maxsize=1)
    def default(cls) -> Knowledge:
        """The shipped knowledge, loaded once."""
        return cls.load()

    def _codes_of_contested(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in self.contested:
            key = surface_key(row["name"])
            for number, _form in self._surfaces.get(key, ()):
                raw = self._raw[number]
                if raw["kind"] == "state" and row.get("code") and key in map(surface_key, raw["names"].values()):
                    found.setdefault(raw["code"], str(row["code"]))
        return {own: code for own, code in found.items() if own != code}

    def _at(self, number: int) -> Row:
        row = self._rows.get(number)
        if row is None:
            row = self._rows[number] = _row(self._raw[number])
        return row

    def row(self, id: str) -> Row | None:
        """The row with an id such as 'state/KAZ' or 'igo/SCO'."""
        number = self._by_id.get(id)
        return None if number is None else self._at(number)

    def state(self, code: str | None) -> Row | None:
        """The state with an ISO 3166-1 alpha-3 code."""
        return self.row(f"state/{code}") if code else None

    def senses(self, surface: str) -> tuple[Sense, ...]:
        """All that a folded surface can mean, the user's own knowledge first."""
        return tuple(Sense(self._at(n), form) for n, form in self._surfaces.get(surface, ()))

    def longest_from(self, first_token: str) -> int:
        """How many tokens the longest surface has that begins with a (folded) token; 0 when none does."""
        return self._longest.get(first_token, 0)

    def holders(self, of: str, office: str, day: str | None) -> tuple[Row, ...]:
        """Who held an office of a state or organisation on a day (the present ones without a day).

        A user's own holder of an office that one person holds takes the place of the shipped one.
        """
        rows = self.holders_ever(of, office)
        held = tuple(r for r in rows if any(t.office == office and t.of == of and t.holds(day) for t in r.terms))
        own = tuple(r for r in held if r.more.get("own"))
        return own if own and office in SINGLE_HOLDER else held

    def holders_ever(self, of: str, office: str) -> tuple[Row, ...]:
        """All who ever held an office of a state or organisation, in the order of the knowledge."""
        return tuple(self._at(n) for n in dict.fromkeys(self._holders.get((of, office), ())))

    def rows(self, kind: str) -> Iterator[Row]:
        """All rows of a kind: state, igo, organisation, person, initiative, region, city."""
        return (self._at(n) for n, raw in enumerate(self._raw) if raw["kind"] == kind)

    def members(self, code: str, day: str | None) -> tuple[str, ...]:
        """ISO codes of the members of a body on a day, or of its present ones."""
        row = self.row(f"igo/{code}")
        if row is None:
            return ()
        if row.more.get("members_as"):
            return self.members(row.more["members_as"], day)
        inside = [m[0] for m in row.more.get("members") or () if Term("", "", m[1], m[2], None, False, None).holds(day)]
        return tuple(sorted(inside))

    def coded(self, code: str | None) -> str | None:
        """The code that records give to an actor of a state: its own, or what the contested table says.

        'XNC' (Northern Cyprus) gives 'CYP'; a user's own row for Taiwan may give another code than 'TWN'.
        """
        return self._recoded.get(code, code) if code else code

    def contested_for(self, name: str, rows: Sequence[Row] = ()) -> tuple[dict[str, Any], ...]:
        """Rows of the contested table for a name in any language, or for rows found under it."""
        names = {surface_key(n).lower() for row in rows if row.kind != "person" for n in row.names.values()}
        names.add(surface_key(name).lower())
        return tuple(row for row in self.contested if surface_key(row["name"]).lower() in names)

    def lookup(self, name: str, day: str | None = None) -> list[tuple[Row, str, float]]:
        """Rows a name may mean with form and score, best first: exact, else by folded transliteration.

        Those in office on the day come first among persons.
        """
        exact = [(s.row, s.form, 1.0) for s in self.senses(surface_key(name))]
        if not exact and name == name.lower():
            exact = [(s.row, s.form, 0.95) for s in self.senses(surface_key(name.title()))]
        found = exact or [hit for n, form in self._keys.get(name_key(name), ()) if (hit := self._alike(name, n, form))]
        return sorted(
            found, key=lambda hit: (-hit[2], hit[0].kind == "person" and hit[0].term_on(day) is None, hit[0].id)
        )

    def _alike(self, name: str, number: int, form: str) -> tuple[Row, str, float] | None:
        """A row under the key of a name with how alike they read, or None where only the key is the same."""
        row = self._at(number)
        forms = row.surnames if form == "surname" else tuple(row.names.values())
        score = max((similar(name, f) for f in forms), default=0.0)
        return (row, form, round(0.95 * score, 2)) if score >= LEAST_LIKENESS else None

    def by_key(self, key: str) -> tuple[Sense, ...]:
        """Persons whose name or surname has a key of `naming.name_key`."""
        return tuple(Sense(self._at(n), form) for n, form in self._keys.get(key, ()))


def _add_cities(rows: list[dict[str, Any]], surfaces: dict[str, list[list[Any]]]) -> None:
    """Lay cities under the names already known (a capital's own row wins), with their German genitive."""
    resource = files("communique") / "data" / "cities.json"
    for surface, state, name in json.loads(resource.read_text("utf-8")):
        if surface in surfaces:
            continue
        rows.append({"id": f"city/{state}/{fold(name)}", "kind": "city", "state": state, "names": {"en": name}})
        surfaces[surface] = [[len(rows) - 1, "city"]]
        if surface[-1:] not in "sxz":
            surfaces.setdefault(surface + "s", [[len(rows) - 1, "city"]])


def _lay_over(rows: list[dict[str, Any]], surfaces: dict[str, list[list[Any]]], own: Compiled) -> None:
    """Put a user's rows before the shipped ones; a row with the id of a shipped one replaces it."""
    shift = len(rows)
    numbers = {raw["id"]: n for n, raw in enumerate(rows)}
    replaced = {numbers[raw["id"]] for raw in own.rows if raw["id"] in numbers}
    for number in replaced:
        rows[number] = {"id": f"{rows[number]['id']}#{number}", "kind": "replaced"}
    if replaced:
        for surface in [s for s, senses in surfaces.items() if any(n in replaced for n, _ in senses)]:
            surfaces[surface] = [sense for sense in surfaces[surface] if sense[0] not in replaced]
    rows.extend({**raw, "own": True} for raw in own.rows)
    for surface, senses in own.surfaces.items():
        surfaces[surface] = [[n + shift, form] for n, form in senses] + surfaces.get(surface, [])


def _own(path: Path) -> Compiled:
    import yaml

    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KnowledgeError(f"{path}: cannot be read as knowledge ({str(error).splitlines()[0]}).") from error
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path}: must be a mapping with keys such as states, people, outlets.")
    out = Compiled()
    for kind, rows in content.items():
        out.add(str(kind), rows, str(path))
    return out


def known_codes(knowledge: Knowledge, kinds: Iterable[str]) -> set[str]:
    """Codes of all rows of some kinds."""
    return {raw["code"] for raw in knowledge._raw if raw["kind"] in kinds and raw.get("code")}
