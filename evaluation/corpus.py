"""Scoring readings of our own items: entities, statements, speakers, events, commitments, figures, times.

In: a Case from `items` (or a JSON Lines file of the same shape) and a reading as JSON. Out: an Outcome.
What counts as right is said at each likeness; all metrics are micro-averaged over all items.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from evaluation.amounts import same_number, unit
from evaluation.counting import Case, Count, Outcome, dice, match, overlap, touch
from evaluation.plover import RECIPROCAL

METRICS = (
    "entities", "statements", "speakers", "events", "event_types", "commitments", "figures", "times_value",
)  # fmt: skip
SAME_CONTENT = 0.6
"""Dice of characters from which on two contents are the same statement."""
SAME_ACTION = 0.5
"""Dice of characters from which on two actions are the same commitment."""
SAME_VALUE = 1e-3
SAME_PERCENT = 0.06
LONGEST_SHOWN = 90

Record = Mapping[str, Any]
Spans = list[Sequence[int]]
_ALIKE = {"igo": "organisation", "place": "state"}


class Done(NamedTuple):
    """An event as it is compared: type, codes on either side, and where it stands."""

    type: str
    source: frozenset[str]
    target: frozenset[str]
    evidence: tuple[tuple[int, ...], ...]


def load(path: Path) -> list[Case]:
    """Annotated items with resolved offsets, one JSON object a line."""
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Case(item["id"], item["text"], item, item.get("published"), item.get("language")) for item in items]


def score(case: Case, reading: Record) -> Outcome:
    """Compare one reading with the annotation of its item."""
    scorer = _Scorer(case, reading)
    scorer.compare()
    return scorer.outcome


class _Scorer:
    """One item's annotation and reading, and the outcome as it grows."""

    def __init__(self, case: Case, reading: Record) -> None:
        self.text, self.gold, self.reading = case.text, case.gold, reading
        self.outcome = Outcome()

    def compare(self) -> None:
        """All kinds of records, one after the other."""
        self.entities()
        self.statements()
        self.events()
        self.commitments()
        self.figures()
        self.times()

    def entities(self) -> None:
        self._tally("entities", self.gold["entities"], self._found("entities"), same_entity, _name, _name)

    def statements(self) -> None:
        gold, found = self.gold["statements"], self._found("statements")
        known = {entity["id"]: entity["mentions"] for entity in self.gold["entities"]}
        read = {entity["id"]: entity["mentions"] for entity in self._found("entities")}

        def speaker(one: Record, other: Record) -> float:
            return same_statement(one, other) if same_speaker(one, other, known, read) else 0.0

        self._tally("statements", gold, found, same_statement, self._content, self._content)
        self._tally("speakers", gold, found, speaker, self._content, self._content)

    def events(self) -> None:
        gold, found = gold_events(self.gold["events"]), read_events(self._found("events"))
        self._tally("event_types", gold, found, same_type, self._event, self._event)
        self._tally("events", gold, found, same_event, self._event, self._event)

    def commitments(self) -> None:
        def action(record: Record) -> str:
            spans = record.get("action_text") or record.get("evidence") or [record["action"]]
            return self._words(spans[0])

        gold, found = self.gold["commitments"], self._found("commitments")
        self._tally("commitments", gold, found, same_commitment, action, action)

    def figures(self) -> None:
        gold = [f for f in self.gold["figures"] if f.get("value") is not None or f.get("change_percent") is not None]
        self._tally("figures", gold, self._found("figures"), same_figure, self._at_span, self._at_evidence)

    def times(self) -> None:
        found = (self.reading.get("layers") or {}).get("times") or []
        self._tally("times_value", self.gold["times"], found, same_time, self._time, self._time)

    def _found(self, name: str) -> Sequence[Record]:
        return self.reading.get(name) or []

    def _tally(
        self,
        metric: str,
        gold: Sequence[Any],
        found: Sequence[Any],
        likeness: Callable[[Any, Any], float],
        show_gold: Callable[[Any], str],
        show_found: Callable[[Any], str],
    ) -> None:
        pairs = match(gold, found, likeness)
        right_gold, right_found = {i for i, _ in pairs}, {j for _, j in pairs}
        self.outcome.add(metric, Count(len(pairs), len(found), len(gold)))
        missed = [show_gold(one) for i, one in enumerate(gold) if i not in right_gold]
        false = [show_found(one) for j, one in enumerate(found) if j not in right_found]
        self.outcome.missed.extend(f"{metric}: {words}" for words in missed)
        self.outcome.false.extend(f"{metric}: {words}" for words in false)

    def _words(self, span: Sequence[int]) -> str:
        return self.text[span[0] : span[1]][:LONGEST_SHOWN]

    def _content(self, record: Record) -> str:
        return self._words(record["content"][0])

    def _event(self, event: Done) -> str:
        who = f"{'+'.join(sorted(event.source)) or '?'} → {'+'.join(sorted(event.target)) or '?'}"
        return f"{event.type} {who} «{self._words(event.evidence[0])}»"

    def _at_span(self, record: Record) -> str:
        return self._words(record["span"])

    def _at_evidence(self, record: Record) -> str:
        return self._words(record["evidence"][0])

    def _time(self, record: Record) -> str:
        return f"{self._words(record['span'])} = {record.get('value')}"


def _name(entity: Record) -> str:
    return str(entity["name"])


def same_entity(gold: Record, found: Record) -> float:
    """The mentions both have, to the character; kinds (or codes) must agree and codes not contradict each other."""
    one, other = gold.get("code"), found.get("code")
    if one and other and one != other:
        return 0.0
    alike = _ALIKE.get(gold["kind"], gold["kind"]) == _ALIKE.get(found["kind"], found["kind"])
    if not alike and not (one and one == other):
        return 0.0
    return float(len({tuple(span) for span in gold["mentions"]} & {tuple(span) for span in found["mentions"]}))


def same_statement(gold: Record, found: Record) -> float:
    """The Dice coefficient of the contents, from `SAME_CONTENT` on."""
    alike = dice(gold["content"], found["content"])
    return alike if alike >= SAME_CONTENT else 0.0


def same_speaker(gold: Record, found: Record, known: Mapping[str, Spans], read: Mapping[str, Spans]) -> bool:
    """Whether any name of the speaker is one of the speaker's found; without a name none may have been found."""
    right: Spans = [gold["speaker"]] if gold.get("speaker") else []
    right += known.get(gold.get("who") or "", [])
    said: Spans = []
    for actor in found.get("speakers") or ():
        said += [actor["span"]] if actor.get("span") else []
        said += read.get(actor.get("entity") or "", [])
    return touch(right, said) if right else not said


def same_type(gold: Done, found: Done) -> float:
    """Events of one type whose evidence holds the trigger."""
    return float(gold.type == found.type and touch(gold.evidence, found.evidence))


def same_event(gold: Done, found: Done) -> float:
    """The same type in the same place, with the same codes on either side."""
    agree = same_codes(gold.source, found.source) and same_codes(gold.target, found.target)
    return same_type(gold, found) if agree else 0.0


def same_codes(gold: frozenset[str], found: frozenset[str]) -> bool:
    """Equal sets of states and organisations; a sector counts only where both sides give one.

    >>> rebels = frozenset({"COL.REB"})
    >>> same_codes(rebels, frozenset({"COL"})), same_codes(rebels, frozenset({"COL.MIL"}))
    (True, False)
    """
    if bases(gold) != bases(found):
        return False
    wanted = {code.split(".")[0]: code for code in found if "." in code}
    for code in gold:
        base, dot, _ = code.partition(".")
        if dot and base in wanted and code not in found:
            return False
    return True


def bases(codes: Iterable[str]) -> set[str]:
    """Codes without their sectors."""
    return {code.split(".")[0] for code in codes}


def _codes(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(code.upper().removesuffix(".GOV") for code in codes if code)


def _actor_codes(actors: Iterable[Record]) -> frozenset[str]:
    """The codes of a record's actors with their sectors, where these say more than that a government acts."""
    found = []
    for actor in actors:
        code, sector = actor.get("code") or "", actor.get("sector") or ""
        found.append(f"{code}.{sector}" if code and sector.upper() not in ("", "GOV", "IGO") else code)
    return _codes(found)


def gold_events(events: Iterable[Record]) -> list[Done]:
    """Annotated events, those told twice as one."""
    return _merged(
        Done(e["type"], _codes(e["source_codes"]), _codes(e["target_codes"]), (tuple(e["trigger"]),)) for e in events
    )


def read_events(events: Iterable[Record]) -> list[Done]:
    """Events read, those told twice as one."""
    return _merged(
        Done(e["type"], _actor_codes(e["source"]), _actor_codes(e["target"]), tuple(map(tuple, e["evidence"])))
        for e in events
    )


def _merged(events: Iterable[Done]) -> list[Done]:
    """Events of one type with the same actors as one, with all their evidence (told in title and lead)."""
    merged: dict[tuple[str, frozenset[str], frozenset[str]], Done] = {}
    for event in events:
        both = event.source | event.target
        source, target = (both, both) if event.type in RECIPROCAL else (event.source, event.target)
        key = (event.type, source, target)
        before = merged[key].evidence if key in merged else ()
        merged[key] = Done(*key, (*before, *event.evidence))
    return list(merged.values())


def same_commitment(gold: Record, found: Record) -> float:
    """The Dice coefficient of the actions, from `SAME_ACTION` on, if any party is the same."""
    alike = dice([gold["action"]], found.get("action_text") or found["evidence"])
    shared = bases(_codes(gold["parties"])) & bases(_actor_codes(found["parties"]))
    return alike if alike >= SAME_ACTION and shared else 0.0


def same_figure(gold: Record, found: Record) -> float:
    """The same value and unit in the same place; a change that stands alone by its percentage."""
    value, read = gold.get("value"), found.get("value")
    if value is None:
        percent = (found.get("change") or {}).get("percent")
        right = percent is not None and abs(gold["change_percent"] - percent) < SAME_PERCENT
    else:
        right = read is not None and same_number(value, read, SAME_VALUE) and unit(gold["unit"]) == unit(found["unit"])
    return float(right and touch([gold["span"]], found["evidence"]))


def same_time(gold: Record, found: Record) -> float:
    """The characters shared by two time expressions of the same value."""
    return float(overlap(gold["span"], found["span"])) if gold["value"] == found.get("value") else 0.0
