"""Our own annotated items: `NAME.txt` with the text, `NAME.ann` with its records; spans become offsets.

In: a folder. Out: Cases whose gold is a mapping of lists (entities, statements, events, commitments, figures, times).
The text is the title, an empty line, and the sentences joined by single spaces. `README.md` explains the notation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.counting import Case
from evaluation.plover import MODES

FOLDER = Path(__file__).parent / "items"
LISTS = {
    "entity": "entities",
    "statement": "statements",
    "event": "events",
    "commitment": "commitments",
    "figure": "figures",
    "time": "times",
}
_ONE = {
    "statement": ("speaker", "cue"),
    "event": ("trigger", "when"),
    "commitment": ("cue", "action", "deadline"),
    "figure": ("span", "about", "change_span"),
    "time": ("span",),
}
_MANY = {"statement": ("content",), "event": ("source_spans", "target_spans"), "commitment": ("party_spans",)}
_NEEDED = {
    "entity": ("id", "kind", "name", "names"),
    "statement": ("content", "form"),
    "event": ("type", "trigger", "source_codes", "target_codes", "modality"),
    "commitment": ("kind", "parties", "action"),
    "figure": ("span", "value", "unit"),
    "time": ("span", "value"),
}
_CLOSED = {
    ("entity", "kind"): {"state", "igo", "person", "organisation", "initiative", "place"},
    ("statement", "form"): {"direct", "indirect", "mixed"},
    ("event", "type"): set(MODES),
    ("event", "modality"): {"actual", "planned", "possible", "denied", "alleged"},
    ("commitment", "kind"): {"goal", "pledge", "agreement", "plan", "offer"},
    ("figure", "bound"): {"exact", "about", "at_least", "at_most", "range"},
}
_HEAD = re.compile(r"#\s*published\s+(\d{4}-\d{2}-\d{2})\s+(\w\w)\s*$")
FICTION = "# fiction"


class AnnotationError(Exception):
    """An item or one of its annotations that cannot be resolved; says where and why."""


@dataclass(frozen=True, slots=True)
class Text:
    """An item's sentences (the first is the title), the text they make up, and where each begins in it."""

    sentences: tuple[str, ...]
    published: str
    language: str
    fiction: bool

    @property
    def text(self) -> str:
        """The text as it is read."""
        return self.sentences[0] + "\n\n" + " ".join(self.sentences[1:])

    @property
    def starts(self) -> tuple[int, ...]:
        """The offset of each sentence."""
        starts = [0]
        position = len(self.sentences[0]) + 2
        for sentence in self.sentences[1:]:
            starts.append(position)
            position += len(sentence) + 1
        return tuple(starts)


def read_text(path: Path) -> Text:
    """An item's text file. Raises AnnotationError where its first line does not say day and language."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    head = _HEAD.match(lines[0]) if lines else None
    if head is None:
        raise AnnotationError(f"{path.name}: the first line must read '# published 2021-03-17 de'.")
    sentences = tuple(line for line in lines[1:] if line and not line.startswith("#"))
    if len(sentences) < 2:
        raise AnnotationError(f"{path.name}: an item needs a title and a sentence.")
    return Text(sentences, head[1], head[2], FICTION in lines)


def load_item(path: Path) -> Case:
    """The case of one `.ann` file beside its `.txt`. Raises AnnotationError at the first line that doesn't resolve."""
    item = read_text(path.with_suffix(".txt"))
    gold: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS.values()}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            gold[LISTS[record["k"]]].append(resolve(record, item))
        except (AnnotationError, KeyError, TypeError, ValueError) as error:
            raise AnnotationError(f"{path.name}, line {number}: {error}") from error
    _check_ids(gold, path.name)
    return Case(path.stem, item.text, gold, item.published, item.language)


def load_folder(folder: Path = FOLDER) -> list[Case]:
    """All items of a folder, by name."""
    return [load_item(path) for path in sorted(folder.glob("*.ann"))]


def _check_ids(gold: Mapping[str, Sequence[Mapping[str, Any]]], name: str) -> None:
    known = {entity["id"] for entity in gold["entities"]}
    named = [id for event in gold["events"] for id in (*(event.get("source") or ()), *(event.get("target") or ()))]
    unknown = [id for id in named if id not in known]
    if unknown or len(known) < len(gold["entities"]):
        raise AnnotationError(f"{name}: ids that are unknown or given twice ({', '.join(unknown) or 'twice'}).")


def resolve(record: Mapping[str, Any], item: Text) -> dict[str, Any]:
    """A record of an `.ann` file with offsets in the place of words."""
    kind = record["k"]
    missing = [name for name in _NEEDED[kind] if name not in record]
    if missing:
        raise AnnotationError(f"{kind} lacks {', '.join(missing)}")
    for (of, name), allowed in _CLOSED.items():
        if of == kind and name in record and record[name] not in allowed:
            raise AnnotationError(f"{record[name]!r} is no {name} of an {of}")
    out = {name: value for name, value in record.items() if name != "k"}
    for name in _ONE.get(kind, ()):
        out[name] = offsets(out[name], item) if out.get(name) else None
    for name in _MANY.get(kind, ()):
        out[name] = [offsets(words, item) for words in out.get(name) or ()]
    if kind == "entity":
        out["mentions"] = mentions(out["names"], item.text)
    return out


def mentions(names: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where any of the names stands as whole words; of overlapping ones the longest name counts.

    >>> mentions(["Weru", "Grace Weru"], "Grace Weru came. Weru left.")
    [(0, 10), (17, 21)]
    """
    found: list[tuple[int, int]] = []
    for name in sorted(set(names), key=lambda name: (-len(name), name)):
        spans = [hit.span() for hit in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
        if not spans:
            raise AnnotationError(f"the name '{name}' is not in the text")
        found.extend(span for span in spans if not any(span[0] < end and start < span[1] for start, end in found))
    return sorted(found)


def offsets(words: Sequence[Any], item: Text) -> tuple[int, int]:
    """The offsets of a span written as words.

    `[n, "words"]`, `[n, "words", 2]` (second occurrence), `[n, "first", "last"]`, `[n, "first", m, "last"]`.
    """
    if not isinstance(words, list) or not 2 <= len(words) <= 4:
        raise AnnotationError(f"not a span: {words}")
    first = words[0]
    occurrence = words[2] if len(words) == 3 and isinstance(words[2], int) else None
    start, end = _find(item, first, words[1], 0, occurrence)
    if len(words) == 3 and occurrence is None:
        end = _find(item, first, words[2], start - item.starts[first])[1]
    elif len(words) == 4:
        end = _find(item, words[2], words[3], start - item.starts[first] if words[2] == first else 0)[1]
    return start, end


def _find(item: Text, number: int, words: str, begin: int, occurrence: int | None = None) -> tuple[int, int]:
    """The first occurrence as whole words from `begin` on, else the first at all, else the one asked for."""
    if not 0 <= number < len(item.sentences):
        raise AnnotationError(f"there is no sentence {number}")
    sentence = item.sentences[number]
    places = list(_places(sentence, words, begin))
    whole = [place for place in places if _stands_alone(sentence, place, words)]
    wanted = (occurrence or 1) - 1
    chosen = whole or places if occurrence is None else places
    if wanted >= len(chosen):
        raise AnnotationError(f"'{words}' is not in sentence {number}: {sentence[:60]}")
    start = item.starts[number] + chosen[wanted]
    return start, start + len(words)


def _places(sentence: str, words: str, begin: int) -> Iterator[int]:
    place = sentence.find(words, begin)
    while words and place >= 0:
        yield place
        place = sentence.find(words, place + 1)


def _stands_alone(sentence: str, start: int, words: str) -> bool:
    """Whether no letter touches the words' own letters at either end."""
    end = start + len(words)
    inside_left = words[0].isalnum() and start > 0 and _is_word(sentence[start - 1])
    inside_right = words[-1].isalnum() and end < len(sentence) and _is_word(sentence[end])
    return not inside_left and not inside_right


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
