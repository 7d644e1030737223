"""`python -m evaluation.probing [--probe NAME] [--language de] [-v] [--json OUT]`: ask the reader trick questions.

In: the cases of `probes/*.yaml` and a Reader. Out: the share of cases passed per probe and language. A case passes
only when everything it asserts holds. It must not know how the reader reaches its records.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from communique.document import Overrides, document_of
from communique.reading import Reader
from communique.records import Actor, Event, Figure, Quantity, Reading, Record, Statement
from evaluation.amounts import same_number, unit
from evaluation.run import MIN_CONFIDENCE, commit

FOLDER = Path(__file__).parent / "probes"
PUBLISHED = "2024-07-04"
"""The day all cases are read on; they are fiction and name no other."""
LANGUAGES = ("de", "en")
FLOORS = "floors.yaml"
MARGIN = 0.03

Holds = Callable[[Reading], bool]
AnyRecord = TypeVar("AnyRecord", bound=Record)
_MODALITIES = frozenset(("actual", "planned", "possible", "denied", "alleged", "plain", "told"))
_EVENT = re.compile(
    r"(?P<types>any|[A-Z]+(?:\|[A-Z]+)*)(?: (?P<one>\S+) (?P<sign>[>&]) (?P<other>\S+))?(?: (?P<how>\S+))?"
)
_SAID = re.compile(r'said (?P<who>[^"]+?)(?: "(?P<words>[^"]+)")?')
_VALUE = re.compile(r"value (?P<low>[\d.e+-]+?)(?:\.\.(?P<high>[\d.e+-]+))?(?: (?P<unit>\S+))?")
_COMMITMENT = re.compile(r"commitment(?: (?P<kinds>[a-z|]+))?(?: (?P<who>[A-Z*+]+))?")


class ProbeError(ValueError):
    """A probe's file says something that the assertion language does not."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing that a reading must hold, with the words that say it."""

    words: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class Side:
    """One text of a case and what reading it must give."""

    text: str
    language: str
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Texts that stand or fall together; `same` names what must be equal in all their readings."""

    id: str
    probe: str
    language: str
    sides: tuple[Side, ...]
    same: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A case and why it failed, one line per assertion that does not hold; none where it passed."""

    case: Case
    failures: tuple[str, ...]


# --- the assertion language ---


def parse(words: str) -> tuple[Assertion, ...]:
    """The assertions of a side, joined by semicolons; raises ProbeError for what is none.

    >>> [a.words for a in parse("ACCUSE FRA > BEL actual; no ASSAULT actual")]
    ['ACCUSE FRA > BEL actual', 'no ASSAULT actual']
    """
    return tuple(_assertion(piece.strip()) for piece in words.split(";"))


def _assertion(words: str) -> Assertion:
    negated, bare = words.startswith("no "), words.removeprefix("no ")
    for pattern, make in _FORMS:
        found = pattern.fullmatch(bare)
        if found:
            return Assertion(words, _not(make(found)) if negated else make(found))
    raise ProbeError(f"'{words}' is no assertion")


def _not(holds: Holds) -> Holds:
    return lambda reading: not holds(reading)


def _event(found: re.Match[str]) -> Holds:
    types, how = found["types"].split("|"), found["how"].split("|") if found["how"] else []
    if not _MODALITIES.issuperset(how):
        raise ProbeError(f"'{found['how']}' is no modality")

    def fits(event: Event) -> bool:
        right = types == ["any"] or event.type in types
        return right and _sides(event, found) and (not how or any(_modality(event, word) for word in how))

    return lambda reading: any(fits(event) for event in _sure(reading.events))


def _sides(event: Event, found: re.Match[str]) -> bool:
    source, target = _codes(event.source), _codes(event.target)
    if not found["sign"]:
        return True
    if found["sign"] == "&":
        return _covers(f"{found['one']}+{found['other']}", source | target)
    return _covers(found["one"], source) and _covers(found["other"], target)


def _modality(event: Event, word: str) -> bool:
    if word == "plain":
        return event.modality == "actual" and event.asserted_by is None
    if word == "told":
        return event.modality == "alleged" or event.asserted_by is not None
    return event.modality == word


def _codes(actors: Iterable[Actor]) -> set[str]:
    return {actor.code for actor in actors if actor.code}


def _covers(wanted: str, codes: set[str]) -> bool:
    """Whether the codes are the wanted ones; `*` among these allows others beside them, `-` means none.

    >>> _covers("FRA+*", {"FRA", "BEL"}), _covers("FRA", {"FRA", "BEL"}), _covers("-", set())
    (True, False, True)
    """
    names = set(wanted.split("+")) - {"-"}
    return codes >= names - {"*"} if "*" in names else codes == names


def _said(found: re.Match[str]) -> Holds:
    wanted, words = found["who"].split("+"), found["words"] or ""
    return lambda reading: any(
        words in _content(reading, statement) and _speaks(reading, statement, wanted)
        for statement in _sure(reading.statements)
    )


def _content(reading: Reading, statement: Statement) -> str:
    return " ".join(reading.document.text[start:end] for start, end in statement.content)


def _speaks(reading: Reading, statement: Statement, wanted: Sequence[str]) -> bool:
    """Whether the speakers are the wanted ones, one to one, each by code or by name."""
    names = {entity.id: entity.name for entity in reading.entities}
    known = [(actor.code, f"{actor.text} {names.get(actor.entity or '', '')}") for actor in statement.speakers]
    if len(known) != len(wanted):
        return False
    return all(any(name == code if name.isupper() else name in called for code, called in known) for name in wanted)


def _value(found: re.Match[str]) -> Holds:
    wanted = [float(number) for number in (found["low"], found["high"]) if number]

    def holds(reading: Reading) -> bool:
        amounts: list[Figure | Quantity] = [*_sure(reading.figures), *reading.layers.quantities]
        return any(_amount(a.value, a.value_max, a.unit) for a in amounts)

    def _amount(value: float | None, value_max: float | None, name: str | None) -> bool:
        read = [number for number in (value, value_max) if number is not None]
        alike = len(read) == len(wanted) and all(
            same_number(abs(w), abs(r), 1e-6) for w, r in zip(wanted, read, strict=True)
        )
        return alike and (not found["unit"] or unit(name) == unit(found["unit"]))

    return holds


def _commitment(found: re.Match[str]) -> Holds:
    kinds, who = (found["kinds"] or "").split("|"), found["who"] or "*"
    return lambda reading: any(
        kinds in ([""], [commitment.kind]) or commitment.kind in kinds
        for commitment in _sure(reading.commitments)
        if _covers(who, _codes(commitment.parties))
    )


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Holds]], ...] = (
    (_SAID, _said),
    (_VALUE, _value),
    (_COMMITMENT, _commitment),
    (_EVENT, _event),
)


def _sure(records: Iterable[AnyRecord]) -> list[AnyRecord]:
    return [record for record in records if record.confidence >= MIN_CONFIDENCE]


# --- what must be the same in all readings of a case ---


def _same_events(reading: Reading) -> list[Any]:
    events = _sure(reading.events)
    return sorted((e.type, sorted(_codes(e.source)), sorted(_codes(e.target)), e.modality) for e in events)


def _same_commitments(reading: Reading) -> list[Any]:
    return sorted((c.kind, sorted(_codes(c.parties))) for c in _sure(reading.commitments))


def _same_speakers(reading: Reading) -> list[Any]:
    return sorted(sorted(_codes(statement.speakers)) for statement in _sure(reading.statements))


def _same_shape(reading: Reading) -> list[Any]:
    """What is there, whoever it is: types, modalities and how many on each side; kinds; numbers of speakers."""
    events = [("event", e.type, e.modality, len(e.source), len(e.target)) for e in _sure(reading.events)]
    kinds = [("commitment", c.kind, len(c.parties)) for c in _sure(reading.commitments)]
    voices = [("statement", len(s.speakers)) for s in _sure(reading.statements)]
    return sorted(map(repr, [*events, *kinds, *voices]))


SAME: Mapping[str, Callable[[Reading], list[Any]]] = {
    "events": _same_events,
    "commitments": _same_commitments,
    "speakers": _same_speakers,
    "shape": _same_shape,
}


# --- the files ---


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, which YAML would drop silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise ProbeError(f"'{twice[0]}' stands twice{node.start_mark}")
        return super().construct_mapping(node, deep)


def names(folder: Path = FOLDER) -> list[str]:
    """The probes there are."""
    return sorted(path.stem for path in folder.glob("*.yaml") if path.name != FLOORS)


def load(probe: str, folder: Path = FOLDER) -> list[Case]:
    """The cases of a probe, in the order of its file."""
    content = yaml.load((folder / f"{probe}.yaml").read_text("utf-8"), _Loader)
    return [
        case(probe, language, number, item)
        for language, items in content["cases"].items()
        for number, item in enumerate(items, 1)
    ]


def case(probe: str, language: str, number: int, item: Mapping[str, Any]) -> Case:
    """One case of a file: what must come out → the text or texts it must come out of."""
    id = f"{probe}/{language}/{number:02}"
    same = item.get("same")
    if same is not None and same not in SAME:
        raise ProbeError(f"{id}: nothing can be the same {same}")
    try:
        sides = [side for words, texts in item.items() if words != "same" for side in _texts(words, texts, language)]
    except ProbeError as error:
        raise ProbeError(f"{id}: {error}") from error
    return Case(id, probe, language, tuple(sides), same)


def _texts(words: str, texts: str | list[str], language: str) -> Iterator[Side]:
    own = words in LANGUAGES
    for text in [texts] if isinstance(texts, str) else texts:
        yield Side(text, words if own else language, () if own else parse(words))


# --- reading and counting ---


def judge(case: Case, readings: Sequence[Reading]) -> Result:
    """Hold the readings of a case's sides against its assertions."""
    failures = [
        f"{assertion.words} | {side.text} | {shown(reading)}"
        for side, reading in zip(case.sides, readings, strict=True)
        for assertion in side.assertions
        if not assertion.holds(reading)
    ]
    if case.same:
        found = [SAME[case.same](reading) for reading in readings]
        if not any(found[0]) or any(one != found[0] for one in found):
            failures += [f"same {case.same} | {s.text} | {shown(r)}" for s, r in zip(case.sides, readings, strict=True)]
    return Result(case, tuple(failures))


def run(cases: Iterable[Case], reader: Reader | None = None) -> list[Result]:
    """Read all cases with one reader and judge them."""
    reader = reader or Reader()
    return [judge(case, [_read(reader, side) for side in case.sides]) for case in cases]


def _read(reader: Reader, side: Side) -> Reading:
    document, problems = document_of(side.text, Overrides(published=PUBLISHED, language=side.language))
    return reader.read(document, problems)


def shown(reading: Reading) -> str:
    """Statements, events, commitments and amounts of a reading in one line."""
    pieces = [f"said {_actors(s.speakers)} “{_content(reading, s)}”" for s in _sure(reading.statements)]
    for event in _sure(reading.events):
        inside = " in a statement" if event.asserted_by else ""
        pieces.append(f"{event.type} {_actors(event.source)} > {_actors(event.target)} {event.modality}{inside}")
    pieces += [f"commitment {c.kind} {_actors(c.parties)}" for c in _sure(reading.commitments)]
    pieces += [f"value {q.value:g}{'' if q.value_max is None else f'..{q.value_max:g}'} {q.unit}"
               for q in reading.layers.quantities if q.value is not None]  # fmt: skip
    return "; ".join(pieces) or "nothing"


def _actors(actors: Sequence[Actor]) -> str:
    return "+".join(actor.code or actor.text for actor in actors) or "-"


def share(results: Sequence[Result]) -> float:
    """The share of cases that passed; 0 where there are none."""
    return sum(not result.failures for result in results) / len(results) if results else 0.0


def interval(passed: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927).

    >>> [round(bound, 3) for bound in interval(8, 10)]
    [0.49, 0.943]
    """
    if not of:
        return (0.0, 0.0)
    z, rate = 1.96, passed / of
    middle, spread = rate + z * z / (2 * of), z * math.sqrt(rate * (1 - rate) / of + z * z / (4 * of * of))
    return ((middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of))


def shares(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Per probe the share of all its cases and of each language's."""
    out: dict[str, dict[str, float]] = {}
    for probe in dict.fromkeys(result.case.probe for result in results):
        own = [result for result in results if result.case.probe == probe]
        languages = dict.fromkeys(result.case.language for result in own)
        out[probe] = {code: share([r for r in own if r.case.language == code]) for code in languages}
        out[probe]["all"] = share(own)
    return out


def read_floors(folder: Path = FOLDER) -> dict[str, float]:
    """The least share per probe."""
    return {str(probe): float(floor) for probe, floor in yaml.safe_load((folder / FLOORS).read_text("utf-8")).items()}


# --- the command line ---


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 0 when the cases were read, 2 when they cannot be."""
    parser = argparse.ArgumentParser(prog="evaluation.probing", description=__doc__.splitlines()[0])
    parser.add_argument("--probe", choices=names(), help="only this one")
    parser.add_argument("--language", help="only the cases of this language")
    parser.add_argument("-v", "--verbose", action="store_true", help="list the failed cases with what came out")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write shares and failures")
    given = parser.parse_args(arguments)
    try:
        cases = [case for probe in ([given.probe] if given.probe else names()) for case in load(probe)]
    except (ProbeError, yaml.YAMLError) as error:
        print(f"The probes cannot be read: {error}.", file=sys.stderr)
        return 2
    results = run(case for case in cases if given.language in (None, case.language))
    print(table(results))
    if given.verbose:
        print(details(results))
    if given.json:
        given.json.write_text(json.dumps(as_mapping(results), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def table(results: Sequence[Result]) -> str:
    """Shares per probe and language as lines of text, the overall share with its interval last."""
    columns = list(dict.fromkeys(result.case.language for result in results))
    lines = [f"{'probe':<16}" + "".join(f"{name:>7}" for name in [*columns, "all"]) + "  cases"]
    for probe, row in shares(results).items():
        cells = "".join(f"{row[code]:7.3f}" if code in row else f"{'':>7}" for code in [*columns, "all"])
        lines.append(f"{probe:<16}{cells}  {sum(result.case.probe == probe for result in results)}")
    low, high = interval(sum(not result.failures for result in results), len(results))
    lines.append(f"overall {share(results):.3f}  [{low:.3f}, {high:.3f}]  of {len(results)}")
    return "\n".join(lines)


def details(results: Sequence[Result]) -> str:
    """The failed cases: id, assertion, text, what came out."""
    return "\n".join(f"{result.case.id} | {failure}" for result in results for failure in result.failures)


def as_mapping(results: Sequence[Result]) -> dict[str, Any]:
    """Shares and failures as JSON keeps them."""
    low, high = interval(sum(not result.failures for result in results), len(results))
    failed = {result.case.id: list(result.failures) for result in results if result.failures}
    overall = {"share": share(results), "low": low, "high": high, "cases": len(results)}
    return {"commit": commit(), "overall": overall, "probes": shares(results), "failed": failed}


if __name__ == "__main__":
    sys.exit(main())
