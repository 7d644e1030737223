"""How fast and how big the ledger is: `python -m benchmarks.ledger [--records N] [--ledger FILE] [--out FILE]`.

Fills a ledger with invented readings, always the same ones, and lays invented conclusions over them; then measures
every kind of question, adding one item alone and in batches, bytes per record, and memory. Writes JSON with the
machine's description, without any path of the machine. A file given with --ledger is kept, and not filled again.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.reading import machine, peak, version

from communique.ledger import Ledger
from communique.ledger.rows import Entry, Filter, Link, Stored
from communique.records import (
    Actor,
    Commitment,
    Deadline,
    Document,
    Entity,
    Event,
    Figure,
    Numbering,
    Reading,
    Spans,
    Statement,
    text_hash,
)

OUT = Path(__file__).parent / "results" / "ledger.json"
PER_ITEM = 10
"""Records of one item: four statements, three events, one commitment, two figures."""
IN_A_BATCH = 500
FIRST_DAY, DAYS = date(2015, 1, 1), 3650
CODES = (
    "CHN USA RUS DEU FRA GBR IND JPN TUR IRN UKR KAZ UZB KGZ TJK TKM AZE ARM GEO BLR POL ITA ESP NLD BEL SWE NOR "
    "FIN DNK AUT CHE CZE HUN ROU BGR GRC SRB HRV SVN SVK EST LVA LTU ISR EGY SAU ARE QAT IRQ SYR JOR LBN PAK AFG "
    "BGD LKA NPL MMR THA VNM LAO KHM MYS SGP IDN PHL KOR PRK MNG AUS NZL CAN MEX BRA ARG CHL PER COL VEN CUB BOL "
    "ECU NGA ZAF KEN ETH SDN DZA MAR TUN LBY GHA SEN CIV CMR AGO MOZ TZA UGA RWA ZMB ZWE NAM BWA MDG MLI NER TCD"
).split()
TYPES = (
    "CONSULT AGREE COOPERATE SUPPORT AID REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT"
).split()
TOPICS = (
    "trade gas railways visas grain ports electricity water fisheries education satellites vaccines steel roads"
).split()
INDICATORS = "trade exports imports investment debt gdp refugees troops aid".split()
QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
READER = {"name": "benchmark", "version": "1", "model": "none", "knowledge": "none"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a ledger, measure it, print the results and write them down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = given.ledger or Path(folder) / "ledger.sqlite"
        filled = {} if path.exists() else fill(path, given.records)
        results = {"machine": machine(), "version": version(), "records": given.records, **filled, **measured(path)}
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    print(json.dumps(results, indent=1))
    return 0


# Invented readings


@dataclass(slots=True)
class Writer:
    """An item being invented: its text so far, its chance, and the numbering of its records."""

    chance: random.Random
    pair: tuple[str, str]
    text: str = ""

    def sentence(self, words: str) -> Spans:
        """Add a sentence; where it stands."""
        start = len(self.text)
        self.text += words + " "
        return ((start, start + len(words)),)

    def actor(self, code: str, entity: str | None = None) -> tuple[Actor, ...]:
        """An actor of a state."""
        return (Actor(code, "GOV", entity, code, None),)


def readings(items: int, first: int = 0) -> Iterator[Reading]:
    """Invented readings, the same ones each time; number `first` and those that follow."""
    for number in range(first, first + items):
        yield reading(number)


def reading(number: int) -> Reading:
    """One invented reading; every seventh speaks of the pair that the one before spoke of."""
    chance = random.Random(number)
    pair = _pair(random.Random(number - number % 7)) if number % 7 < 2 else _pair(chance)
    day = FIRST_DAY + timedelta(number * 37 % DAYS)
    writer = Writer(chance, pair)
    made = [_draft(writer, kind, day) for kind in ("s", "s", "e", "e", "e", "c", "f", "s", "f", "s")]
    writer.text += "(FICTION: invented item)"
    document = Document(
        writer.text,
        id=f"invented-{number}",
        text_id=text_hash(writer.text),
        publisher=f"Outlet {int(chance.paretovariate(0.7)) % 300}",
        published=day.isoformat(),
        language="en",
    )
    return _numbered(document, made, _entities(chance, pair))


def _pair(chance: random.Random) -> tuple[str, str]:
    """Two states, some far more often than others."""
    one, other = (int(chance.paretovariate(0.6)) % len(CODES) for _ in range(2))
    return CODES[one], CODES[other if other != one else (one + 1) % len(CODES)]


def _entities(chance: random.Random, pair: tuple[str, str]) -> tuple[Entity, ...]:
    person = f"Person {chance.randrange(3000)} (FICTION)"
    states = [Entity(f"t{at}", "state", code, code, None, code, None, (), 0.9, "") for at, code in enumerate(pair, 1)]
    office = Entity(
        "t3", "person", person, pair[0], None, pair[0], "minister", (), 0.9, "", knowledge=f"person/{person}"
    )
    return (*states, office)


def _draft(writer: Writer, kind: str, day: date) -> Any:
    return {"s": _statement, "e": _event, "c": _commitment, "f": _figure}[kind](writer, day)


def _numbered(document: Document, made: Sequence[Any], entities: tuple[Entity, ...]) -> Reading:
    numbering = Numbering(document.text_id)
    kinds: dict[type, list[Any]] = {Statement: [], Event: [], Commitment: [], Figure: []}
    for record in made:
        kinds[type(record)].append(replace(record, id=numbering.next(type(record).__name__.lower(), record.evidence)))
    lists = [tuple(some) for some in kinds.values()]
    return Reading(document, entities, *lists, reader=READER)


def _sure(writer: Writer) -> float:
    return round(writer.chance.uniform(0.4, 1.0), 3)


def _statement(writer: Writer, day: date) -> Statement:
    topics = " and ".join(writer.chance.sample(TOPICS, 2))
    span = writer.sentence(f"The minister of {writer.pair[0]} said on {day} that talks about {topics} were useful.")
    speakers, addressees = writer.actor(writer.pair[0], "t3"), writer.actor(writer.pair[1], "t2")
    why = "'say'; clause behind"
    return Statement("", span, _sure(writer), None, why, speakers, False, span, span, "indirect", addressees)


def _event(writer: Writer, day: date) -> Event:
    at = int(writer.chance.paretovariate(0.9)) % len(TYPES)
    one, other = writer.pair
    span = writer.sentence(f"{one} and {other} {TYPES[at].lower()} over {writer.chance.choice(TOPICS)} in Nordstadt.")
    when = (day - timedelta(writer.chance.randrange(3))).isoformat()
    quad = QUADS[at * len(QUADS) // len(TYPES)]
    source, target = writer.actor(one, "t1"), writer.actor(other, "t2")
    what = (TYPES[at], None, ("diplomatic",), "04", quad, 4.0 - at, source, target)
    return Event("", span, _sure(writer), None, "(verb)", *what, None, when, when, "day", "actual", span)


def _commitment(writer: Writer, day: date) -> Commitment:
    topic = writer.chance.choice(TOPICS)
    due = date(day.year + writer.chance.randrange(1, 9), 12, 31).isoformat()
    span = writer.sentence(f"{writer.pair[0]} and {writer.pair[1]} will double {topic} by the end of {due[:4]}.")
    deadline = Deadline(None, due, "by", f"by the end of {due[:4]}", span[0])
    parties = (*writer.actor(writer.pair[0], "t1"), *writer.actor(writer.pair[1], "t2"))
    what = ("goal", parties, (), span, f"double {topic}", span, (topic,), deadline)
    return Commitment("", span, _sure(writer), None, "'will'", *what, None, (), None)


def _figure(writer: Writer, day: date) -> Figure:
    indicator, value = writer.chance.choice(INDICATORS), float(writer.chance.randrange(1, 900)) * 1e6
    span = writer.sentence(f"In {day.year} {indicator} between both came to {value / 1e6:.0f} million dollars.")
    one, other = writer.actor(writer.pair[0], "t1"), writer.actor(writer.pair[1], "t2")
    what = (indicator, f"bilateral {indicator}", one, other, value, None, "USD", "exact", "reported")
    period = (f"{day.year}-01-01", f"{day.year}-12-31", "year")
    return Figure("", span, _sure(writer), None, "", *what, *period, None, None)


# Filling


def fill(path: Path, records: int) -> dict[str, Any]:
    """Fill a new ledger with readings and conclusions."""
    start = time.perf_counter()
    with Ledger(path) as ledger:
        source = readings(records // PER_ITEM)
        while some := list(itertools.islice(source, IN_A_BATCH)):
            _batch(ledger, some)
    seconds = time.perf_counter() - start
    return {"fill_seconds": round(seconds, 1), "fill_ms_per_item": round(1000 * seconds * PER_ITEM / records, 2)}


def _batch(ledger: Ledger, some: Sequence[Reading]) -> None:
    with ledger.batch():
        added = [ledger.add(one).key for one in some]
        for key in added:
            _conclude(ledger, key)


def _conclude(ledger: Ledger, key: int) -> None:
    """Invented conclusions: bands; two of three events make a story, every commitment a promise, figures a series."""
    chance = random.Random(key)
    ledger.put_bands(key, [chance.getrandbits(64) for _ in range(16)])
    of_item = ledger.of_item(key)
    events = [one.key for one in of_item if one.kind == "event"]
    ledger.put_links([Link("story", events[0], events[1], 0.8, "same type, actors and day")])
    ledger.put_clusters(
        "story", [], [(_id("story", events[0]), (events[0], events[1])), (_id("story", events[2]), (events[2],))]
    )
    for one in of_item:
        if one.kind == "commitment":
            promise = _id("promise", one.key)
            ledger.put_clusters("promise", [], [(promise, (one.key,))])
            ledger.put_entries(promise, [Entry(one.key, key, one.item.day, "announced", "first", one.record.evidence)])
        if isinstance(one.record, Figure):
            ledger.set_series(one.key, f"{one.record.indicator} {one.record.subjects[0].code}")


def _id(kind: str, key: int) -> str:
    return hashlib.sha256(f"{kind} {key}".encode()).hexdigest()[:16]


# Measuring


def measured(path: Path) -> dict[str, Any]:
    """Size, questions, adding, memory."""
    with Ledger(path) as ledger:
        counts = dict(ledger.counts())
        size = path.stat().st_size
        return {
            "counts": counts,
            "file_bytes": size,
            "bytes_per_record": round(size / counts["record"]),
            "text_bytes_per_item_uncompressed": round(
                statistics.mean(len(one.document.text) for one in ledger.items())
            ),
            "questions_ms": questions(ledger),
            "candidates_ms_per_item": candidates(ledger),
            "add_ms": adding(ledger, counts["item"]),
            "redact_seconds": redacting(ledger),
            "peak_mb": peak(),
        }


Question = Callable[[Ledger, random.Random], object]


def questions(ledger: Ledger) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind of question, each asked of other actors, days and words."""
    return {name: timings(ledger, question) for name, question in QUESTIONS.items()}


def timings(ledger: Ledger, question: Question, times: int = 15) -> dict[str, float]:
    """The median and the slowest, of questions that are never the same twice."""
    return summed([_timed(partial(question, ledger, random.Random(number))) for number in range(times)])


def summed(spent: Sequence[tuple[float, float]], parts: int = 1) -> dict[str, float]:
    """Median and slowest of milliseconds, and the median without what other processes took."""
    wall, busy = ([one / parts for one in some] for some in zip(*spent, strict=True))
    return {
        "median": round(statistics.median(wall), 2),
        "slowest": round(max(wall), 2),
        "cpu_median": round(statistics.median(busy), 2),
    }


def _day(chance: random.Random) -> str:
    return (FIRST_DAY + timedelta(chance.randrange(DAYS))).isoformat()


def _asked(**fixed: Any) -> Question:
    return lambda ledger, chance: ledger.records(Filter(**{name: _value(one, chance) for name, one in fixed.items()}))


def _value(one: Any, chance: random.Random) -> Any:
    return one(chance) if callable(one) else one


def _topic(chance: random.Random) -> str:
    return chance.choice(TOPICS)


def _outlets(chance: random.Random) -> list[str]:
    return [f"Outlet {chance.randrange(2, 300)}"]


def _any_pair(chance: random.Random) -> tuple[str, str]:
    one, other = chance.sample(CODES, 2)
    return one, other


def _promises(ledger: Ledger, chance: random.Random) -> object:
    ids = ledger.promises(Filter(pair=_pair(chance)), due_until=_day(chance))
    return [(ledger.members("promise", one), ledger.entries(one)) for one in ids]


def _stories(ledger: Ledger, chance: random.Random) -> object:
    found = list(ledger.clusters("story", Filter(actors=[chance.choice(CODES)], kinds=["event"], limit=100)))
    return [ledger.stored(one.members) for one in found]


def _brief(ledger: Ledger, chance: random.Random) -> object:
    day = _day(chance)
    until = (date.fromisoformat(day) + timedelta(7)).isoformat()
    return ledger.records(Filter(since=day, until=until, kinds=["commitment", "event"]))


def _series(ledger: Ledger, chance: random.Random) -> object:
    return ledger.series(f"{chance.choice(INDICATORS)} {chance.choice(CODES[60:])}")


def _why(ledger: Ledger, chance: random.Random) -> object:
    one = ledger.stored([chance.randrange(1, 10_000)])[0]
    found = ledger.find(one.record.id)
    return (
        found,
        ledger.links("story", [one.key]),
        ledger.judgements(one.record.id),
        ledger.versions(one.item.document.id),
    )


QUESTIONS: dict[str, Question] = {
    "first page": _asked(),
    "an actor": _asked(actors=lambda c: [c.choice(CODES)]),
    "the commonest actor": _asked(actors=["USA"], since=_day),
    "an actor's rare type": _asked(actors=["USA"], types=["ASSAULT"], since=_day),
    "an actor at one outlet": _asked(actors=["USA"], outlets=_outlets),
    "a pair, both ways (timeline)": _asked(pair=_pair),
    "a common pair, forward, one type": _asked(pair=("USA", "RUS"), direction="forward", types=["ACCUSE"], since=_day),
    "a rare pair": _asked(pair=_any_pair),
    "three actors": _asked(actors=["USA", "RUS", "DEU"]),
    "a type in a period": _asked(types=["SANCTION"], since=_day),
    "several types": _asked(types=["SANCTION", "ASSAULT", "COERCE"], kinds=["event"], since=_day),
    "a rare outlet": _asked(outlets=_outlets),
    "a language that is not there": _asked(language="de"),
    "high confidence": _asked(min_confidence=0.999),
    "a modality that is not there": _asked(modality=["denied"], kinds=["event"]),
    "a common word": _asked(text=_topic),
    "a phrase": _asked(text='"talks about steel"', since=_day),
    "a word and an actor": _asked(text=_topic, actors=lambda c: [c.choice(CODES)]),
    "a word of the whole text": _asked(text=lambda c: f"{c.randrange(100, 900)} million", whole_text=True),
    "as of a day, an actor": _asked(actors=["USA"], as_of="2020-01-01"),
    "as it stands today, by as_of": _asked(actors=["USA"], as_of="2999-01-01"),
    "a person": _asked(actors=lambda c: [f"Person {c.randrange(3000)} (FICTION)"]),
    "figures of a pair": _asked(pair=_pair, kinds=["figure"]),
    "a series": _series,
    "promises of a pair by deadline": _promises,
    "stories of an actor": _stories,
    "a week": _brief,
    "why": _why,
    "balance of a pair by month": lambda ledger, c: ledger.balance(Filter(pair=_pair(c), kinds=["event"], limit=None)),
    "balance of the commonest pair": lambda ledger, c: ledger.balance(
        Filter(pair=("USA", "CHN"), kinds=["event"], limit=None)
    ),
    "largest stories": lambda ledger, c: list(ledger.clusters("story", Filter(limit=30), order="size")),
    "coverage of a month": lambda ledger, c: ledger.coverage("2020-01-01", "2020-01-31"),
    "items with a word": lambda ledger, c: ledger.items(Filter(text=_topic(c), limit=20)),
}


def candidates(ledger: Ledger) -> dict[str, float]:
    """Milliseconds for all candidates of all records of one item, as `follow` asks for them."""
    return timings(ledger, _all_candidates)


def _all_candidates(ledger: Ledger, chance: random.Random) -> object:
    return [_candidates(ledger, one) for one in ledger.of_item(chance.randrange(1, 1_000))]


def _candidates(ledger: Ledger, one: Stored) -> list[Stored]:
    if isinstance(one.record, Event):
        return ledger.similar_events(one, [one.record.type], 3)
    codes = [actor.code for actor in getattr(one.record, "parties", getattr(one.record, "subjects", ())) if actor.code]
    return ledger.by_parties(["commitment"], codes, terms=one.terms)


def adding(ledger: Ledger, items: int) -> dict[str, dict[str, float]]:
    """Milliseconds to add one item that is new, alone and in batches, and one that is known."""
    new = list(readings(700, items + 1_000_000))
    return {
        "alone": summed([_timed(partial(ledger.add, one)) for one in new[:200]]),
        "in batches of 100": summed(
            [_timed(partial(_added, ledger, new[at : at + 100])) for at in range(200, 700, 100)], 100
        ),
        "known": summed([_timed(partial(ledger.add, one)) for one in new[:200]]),
    }


def redacting(ledger: Ledger) -> float:
    """Seconds to take out one document, most of which the search index takes."""
    return round(_timed(partial(ledger.redact, "invented-7", "benchmark", "benchmark"))[0] / 1000, 2)


def _added(ledger: Ledger, some: Sequence[Reading]) -> None:
    with ledger.batch():
        for one in some:
            ledger.add(one)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and those in which this process was at work."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - busy)


if __name__ == "__main__":
    sys.exit(main())
