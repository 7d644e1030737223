"""From hand-edited knowledge rows to the compact rows and inflected surfaces that `Knowledge` looks up.

In: rows as `knowledge/README.md` describes them (shipped or the user's own). Out: plain mappings, and lint messages.
Must not know documents or how a name is resolved.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from communique.errors import KnowledgeError
from communique.text import tokenize

Row = dict[str, Any]
KINDS = ("states", "organisations", "people", "initiatives", "outlets", "regions", "contested")
OFFICES = frozenset(
    [
        "head_of_state", "head_of_government", "foreign_minister", "minister", "spokesperson", "envoy", "legislator",
        "military", "other",
    ]
)  # fmt: skip
SINGLE_HOLDER = ("head_of_state", "head_of_government", "foreign_minister")
_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
# Letters that do not come apart into a plain one and a mark.
_PLAIN = str.maketrans({
    "ß": "ss", "ı": "i", "ł": "l", "Ł": "L", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae",
    "’": "'", "ʻ": "'", "ʼ": "'",
})  # fmt: skip
_ENDINGS = ("e", "en", "er", "em", "es")
_ADJECTIVE = re.compile(r"^([A-ZÄÖÜ][a-zäöüß]+?)(e|er|es)$")


def fold(name: str) -> str:
    """A name without diacritics, ß as ss, typographic apostrophes as plain ones; case is kept.

    >>> fold("Erdoğan"), fold("Weißes Haus"), fold("Côte d’Ivoire")
    ('Erdogan', 'Weisses Haus', "Cote d'Ivoire")
    """
    if name.isascii():
        return name
    plain = name.translate(_PLAIN)
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


def surface_key(name: str) -> str:
    """The form under which a surface is looked up: folded tokens joined by single spaces.

    >>> surface_key("China-Zentralasien-Mechanismus"), surface_key("Côte d’Ivoire")
    ('China - Zentralasien - Mechanismus', "Cote d'Ivoire")
    """
    if name.isalpha() and name.isascii():
        return name
    return " ".join(t.text for t in tokenize(fold(name)))


def german_forms(name: str, article: str | None = None) -> Iterator[str]:
    """A German name with the forms it takes in a sentence: genitive, and its adjectives in all endings.

    >>> sorted(german_forms("Weißes Haus"))[:3]
    ['Weiße Haus', 'Weiße Hauses', 'Weiße Haus’']
    >>> list(german_forms("Kasachstan"))
    ['Kasachstan', 'Kasachstans']
    >>> list(german_forms("Niederlande", "plural"))
    ['Niederlande', 'Niederlanden']
    """
    words = name.split(" ")
    heads = [name]
    if len(words) > 1:
        stems = [_ADJECTIVE.match(w) if i < len(words) - 1 else None for i, w in enumerate(words)]
        run = 0
        while run < len(stems) and stems[run]:
            run += 1
        if run:
            for ending in _ENDINGS:
                inflected = [f"{m.group(1)}{ending}" for m in stems[:run] if m]
                heads.append(" ".join([*inflected, *words[run:]]))
    seen = dict.fromkeys(heads)
    for head in list(seen):
        last = head.rsplit(" ", 1)[-1]
        if article == "plural" and last[-1:] == "e":
            seen[head + "n"] = None
        if article in ("die", "plural") or last[-1:].isdigit() or (last.isupper() and len(last) > 1):
            continue
        if last[-1:] in "sxzß":
            seen[head + "’"] = None
            if article in ("der", "das") or (len(words) > 1 and last[-1:] == "s"):
                seen[head + "es"] = None
        elif last[-1:].isalpha() and last[-1:] != "e":
            seen[head + "s"] = None
    yield from seen


def adjective_forms(base: str) -> Iterator[str]:
    """A German adjective in all its endings, small and (for names and sentence starts) capitalised.

    Those on -er that are written with a capital do not change.

    >>> list(adjective_forms("Schweizer")), list(adjective_forms("finnisch"))[2:4]
    (['Schweizer'], ['finnische', 'Finnische'])
    """
    if base[:1].isupper() and base.endswith("er"):
        yield base
        return
    stem = base[:-1] if base.endswith("e") else base
    for ending in ("", *_ENDINGS):
        yield stem + ending
        yield stem[:1].upper() + stem[1:] + ending


def inhabitant_forms(language: str, pattern: str) -> Iterator[str]:
    """All cases of 'masculine|plural|feminine' (German) or 'singular|plural' (English).

    >>> sorted(set(inhabitant_forms("de", "Kasache|Kasachen|Kasachin")))
    ['Kasache', 'Kasachen', 'Kasachin', 'Kasachinnen']
    """
    parts = [p.strip() for p in pattern.split("|")]
    yield from parts
    if language != "de":
        return
    singular, plural = parts[0], parts[1] if len(parts) > 1 else parts[0]
    yield singular + ("n" if singular.endswith("e") else "" if singular.endswith(("s", "n")) else "s")
    if plural[-1:] not in "ns":
        yield plural + "n"
    if len(parts) > 2 and parts[2].endswith("in"):
        yield parts[2] + "nen"
    if singular.endswith("er") and plural.endswith("e"):  # Deutscher, Deutsche: an adjective
        yield from (singular[:-1], plural + "n", plural + "m", plural + "s")


def _require(row: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    missing = [k for k in keys if k not in row or row[k] in (None, "")]
    if missing:
        raise KnowledgeError(f"{where}: a row lacks {', '.join(missing)}: {str(row)[:80]}. Add it and read again.")


def _dated(row: Mapping[str, Any], where: str) -> None:
    for key in ("from", "until", "founded", "dissolved"):
        value = row.get(key)
        if value is not None and not _is_date(str(value)):
            raise KnowledgeError(f"{where}: {key} is {value!r}; write YYYY, YYYY-MM or YYYY-MM-DD in quotes.")
    begins, ends = str(row.get("from") or ""), str(row.get("until") or "9999")
    if begins > ends and not begins.startswith(ends):
        raise KnowledgeError(f"{where}: from {begins} lies after until {ends}: {str(row)[:80]}.")


def _is_date(value: str) -> bool:
    """A day, month or year of the calendar."""
    if not _DATE.match(value):
        return False
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return True


class Compiled:
    """Rows and surfaces gathered from any number of files; `surfaces` maps a folded form to (row, form) pairs."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.surfaces: dict[str, list[tuple[int, str]]] = {}
        self.contested: list[Row] = []
        self._people: dict[str, int] = {}

    def add(self, kind: str, content: Any, where: str) -> None:
        """Compile one file's content of one kind; KnowledgeError with file and row where it breaks the schema."""
        if kind not in KINDS:
            raise KnowledgeError(f"{where}: {kind} is no kind of knowledge; use one of {', '.join(KINDS)}.")
        if not isinstance(content, dict if kind == "people" else list):
            shape = "a mapping of codes to lists" if kind == "people" else "a list of rows"
            raise KnowledgeError(f"{where}: {kind} must be {shape}.")
        rows: list[tuple[str | None, Any]]
        if isinstance(content, dict):
            rows = [(str(code), person) for code, people in content.items() for person in people or []]
        else:
            rows = [(None, row) for row in content]
        for key, row in rows:
            if not isinstance(row, dict):
                raise KnowledgeError(f"{where}: {kind}: {row!r} is no row.")
            try:
                self._add_row(kind, key, row, where)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                about = f"{where}: {kind}: a row has a wrong shape ({type(error).__name__}: {error})"
                raise KnowledgeError(f"{about}: {str(row)[:80]}. docs/knowledge.md shows the right one.") from error

    def _add_row(self, kind: str, key: str | None, row: Row, where: str) -> None:
        if key is not None:
            self._person(key, row, where)
            return
        handlers = {
            "states": self._state, "organisations": self._organisation, "initiatives": self._initiative,
            "outlets": self._outlet, "regions": self._region, "contested": self._contest,
        }  # fmt: skip
        handlers[kind](row, where)

    def _contest(self, row: Row, where: str) -> None:
        _require(row, ("name", "treated_as"), where)
        _dated({"from": row.get("since"), "until": row.get("until")}, where)
        self.contested.append(row)

    def _surface(self, number: int, form: str, names: Iterable[str | None]) -> None:
        for name in names:
            if not name:
                continue
            key = surface_key(str(name))
            senses = self.surfaces.setdefault(key, [])
            if not any(n == number for n, _ in senses):
                senses.append((number, form))

    def _row(self, **fields: Any) -> int:
        self.rows.append({k: v for k, v in fields.items() if v not in (None, [], {}, "")})
        return len(self.rows) - 1

    def _state(self, row: Row, where: str) -> None:
        _require(row, ("code", "status", "name"), where)
        names = row["name"]
        number = self._row(
            id=f"state/{row['code']}", kind="state", code=row["code"], status=row["status"],
            wikidata=row.get("wikidata"), state=row["code"], sector="GOV", region=row.get("region"),
            iso2=row.get("iso2"), numeric=row.get("numeric"), cow=row.get("cow"), gw=row.get("gw"),
            currency=row.get("currency"), article=row.get("article"),
            names={lang: n["short"] for lang, n in names.items() if n.get("short")},
            official={lang: n["official"] for lang, n in names.items() if n.get("official")},
            former=[_dated_name(f) for f in row.get("former") or []],
            capitals=[_dated_name(c) for c in row.get("capitals") or []],
            source=row.get("source"), as_of=row.get("as_of"),
        )  # fmt: skip
        for language, name in names.items():
            forms = [name.get("short"), name.get("official"), *(name.get("other") or [])]
            self._surface(number, "name", self._inflect(language, forms, row.get("article")))
            self._surface(number, "name", name.get("abbreviations") or [])
            if language == "de" and not row.get("article") and str(name.get("short"))[-1:] == "e":
                self._surface(
                    number, "name", [f"{name['short']}s"]
                )  # Surinames, Chiles; not in german_forms: 'Seidenstraße'
        for former in row.get("former") or []:
            _dated(former, where)
            for language in names:
                self._surface(number, "name", self._inflect(language, [former.get(language)], None))
        for language, adjectives in (row.get("adjective") or {}).items():
            for base in adjectives or []:
                self._surface(number, "adjective", adjective_forms(base) if language == "de" else [base])
        for language, patterns in (row.get("inhabitant") or {}).items():
            for pattern in patterns or []:
                self._surface(number, "inhabitant", inhabitant_forms(language, pattern))
        for metonym in row.get("metonyms") or []:
            for language in names:
                self._surface(number, "metonym", self._inflect(language, [metonym.get(language)], None))
        self._capitals(row, where)

    def _capitals(self, row: Row, where: str) -> None:
        capitals = row.get("capitals") or []
        numbers: dict[str, int] = {}
        for capital in capitals:
            _dated(capital, where)
            id = f"city/{row['code']}/{fold(capital['en'])}"
            if id not in numbers:
                numbers[id] = self._row(
                    id=id, kind="city", state=row["code"], wikidata=capital.get("wikidata"),
                    names={k: capital[k] for k in ("de", "en") if capital.get(k)}, capital=[],
                )  # fmt: skip
                self.rows[numbers[id]]["capital"] = []
            number = numbers[id]
            self.rows[number]["capital"].append([capital.get("from"), capital.get("until")])
            known = {} if capital.get("ambiguous") else capital
            forms = [known.get("en"), *(capital.get("other") or [])]
            self._surface(number, "capital", [*self._inflect("de", [known.get("de"), *forms], None), *forms])
            german = str(known.get("de") or "")
            if german and " " not in german:
                stem = german[:-2] if german.endswith("en") and len(german) > 5 else german
                self._surface(number, "capital-adjective", [german + "er", stem + "er"])

    def _inflect(self, language: str, names: Iterable[str | None], article: str | None) -> Iterator[str]:
        for name in names:
            if name and language == "de":
                yield from german_forms(name, article)
            elif name:
                yield name

    def _organisation(self, row: Row, where: str) -> None:
        _require(row, ("code", "kind", "name"), where)
        _dated({"from": row.get("founded"), "until": row.get("dissolved")}, f"{where}: {row['code']}")
        for member in row.get("members") or []:
            _dated(member, where)
        names = row["name"]
        number = self._row(
            id=f"igo/{row['code']}", kind="igo", subkind=row["kind"], code=row.get("acts_as") or row["code"],
            own_code=row["code"], part_of=row.get("part_of"), wikidata=row.get("wikidata"), sector="IGO",
            names={lang: n.get("full") for lang, n in names.items() if n.get("full")}, gender=row.get("gender"),
            abbreviations={lang: n["abbreviations"] for lang, n in names.items() if n.get("abbreviations")},
            founded=_day(row.get("founded")), dissolved=_day(row.get("dissolved")),
            members=[[m["code"], _day(m.get("from")), _day(m.get("until"))] for m in row.get("members") or []],
            members_as=row.get("members_as"), source=row.get("source"), as_of=row.get("as_of"),
        )  # fmt: skip
        for language, name in names.items():
            article = row.get("gender") if language == "de" else None
            self._surface(
                number, "name", self._inflect(language, [name.get("full"), *(name.get("other") or [])], article)
            )
            self._surface(number, "name", name.get("abbreviations") or [])
        for metonym in row.get("metonyms") or []:
            self._surface(number, "metonym", [n for k in names for n in self._inflect(k, [metonym.get(k)], None)])

    def _initiative(self, row: Row, where: str) -> None:
        _require(row, ("id", "name"), where)
        number = self._row(
            id=f"initiative/{row['id']}", kind="initiative", subkind=row.get("kind"), wikidata=row.get("wikidata"),
            names={lang: n.get("full") for lang, n in row["name"].items() if n.get("full")}, by=row.get("by"),
            since=_day(row.get("from")), until=_day(row.get("until")), source=row.get("source"),
        )  # fmt: skip
        for language, name in row["name"].items():
            self._surface(number, "name", self._inflect(language, [name.get("full"), *(name.get("other") or [])], None))
            self._surface(number, "name", name.get("abbreviations") or [])

    def _region(self, row: Row, where: str) -> None:
        _require(row, ("en", "de"), where)
        number = self._row(
            id=f"region/{row.get('state') or 'world'}/{fold(row['en'])}", kind="region", state=row.get("state"),
            names={"de": row["de"], "en": row["en"]}, source=row.get("source") or "unverified",
        )  # fmt: skip
        self._surface(number, "region", [*german_forms(row["de"]), row["en"]])

    def _outlet(self, row: Row, where: str) -> None:
        _require(row, ("id", "name"), where)
        number = self._row(
            id=f"outlet/{row['id']}", kind="organisation", sector="MED", state=row.get("state"),
            names={"de": row["name"], "en": row["name"]}, subkind=row.get("kind"), owner=row.get("owner"),
            owner_name=row.get("owner_name"), domains=row.get("domains"), wikidata=row.get("wikidata"),
            source=row.get("source"),
        )  # fmt: skip
        self._surface(number, "name", self._inflect("de", [row["name"], *(row.get("names") or [])], None))

    def _person(self, key: str, row: Row, where: str) -> None:
        where = f"{where}: {key}, {row.get('name')}"
        _require(row, ("name", "surname", "gender", "terms"), where)
        for term in row["terms"]:
            _dated(term, where)
            if term.get("office") not in OFFICES:
                raise KnowledgeError(f"{where}: office {term.get('office')!r} is none of {', '.join(sorted(OFFICES))}.")
        surnames = list(dict.fromkeys(str(s) for s in (row["surname"], row.get("surname_de")) if s))
        slug = re.sub(r"[^a-z0-9]+", "-", fold(row["name"]).lower()).strip("-")
        own = key if len(key) == 3 else None
        terms = [
            [t["office"], t.get("of") or key, _day(t.get("from")), _day(t.get("until")), t.get("title"),
             bool(t.get("shared")), t.get("source")]
            for t in row["terms"]
        ]  # fmt: skip
        number = self._people.get(slug)
        if number is not None and self._same_person(self.rows[number], key, row):
            self.rows[number]["terms"] += [t for t in terms if t not in self.rows[number]["terms"]]
            self._named(number, row, surnames)
            return
        if number is not None:
            slug = f"{slug}-{key.lower()}"
        self._people[slug] = number = self._row(
            id=f"person/{slug}", kind="person", wikidata=row.get("wikidata"), gender=row["gender"], key=key, state=own,
            names={"en": row["name"], "de": (row.get("de") or [row["name"]])[0]}, surnames=surnames, terms=terms,
        )  # fmt: skip
        self._named(number, row, surnames)

    def _same_person(self, known: Row, key: str, row: Row) -> bool:
        """Two rows of one name are one person by their Wikidata ids, else unless two states name them."""
        one, other = known.get("wikidata"), row.get("wikidata")
        if one and other:
            return bool(one == other)
        states = {r["code"] for r in self.rows if r["kind"] == "state"}
        return known["key"] == key or not {known["key"], key} <= states

    def _named(self, number: int, row: Row, surnames: list[str]) -> None:
        full = [row["name"], *(row.get("de") or []), *(row.get("other") or [])]
        self._surface(number, "person", [f for n in full for f in (n, _genitive(n))])
        self._surface(number, "surname", [f for n in surnames for f in (n, _genitive(n))])


def _dated_name(row: Row) -> list[str | None]:
    """English and German name, and from when until when it was used."""
    english = row.get("en") or row.get("de")
    return [english, row.get("de") or english, _day(row.get("from")), _day(row.get("until"))]


def _day(value: Any) -> str | None:
    return None if value is None else str(value)


def _genitive(name: str) -> str | None:
    return None if name[-1:] in "sxzß’'" or not name[-1:].isalpha() else name + "s"


def overlaps(rows: Iterable[Row]) -> list[str]:
    """Sentences about terms of one office of one state that overlap without `shared`."""
    found = []
    terms: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for row in rows:
        for office, of, since, until, _title, shared, _source in row.get("terms") or []:
            if office in SINGLE_HOLDER and not shared:
                terms.setdefault((of, office), []).append((since or "0000", until or "9999", row["names"]["en"]))
    for (of, office), held in sorted(terms.items()):
        held.sort()
        for (since, until, name), (begins, _ends, other) in pairwise(held):
            if begins < until and not until.startswith(begins):
                found.append(f"{of} {office}: {name} ({since} to {until}) overlaps {other} (from {begins})")
    return found
