"""The grammar of time expressions of one language: words with categories, and patterns over categories.

In: the lexicon `times` of a language (its notation: head of `knowledge/lexicon/de/times.yaml`) and tokens.
Out: matched rules with their slots. Must not know the calendar nor what a slot means.

Each token becomes one character that stands for its set of categories, so that a pattern is a regular
expression over a short string. Patterns have no unbounded repetition: matching is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, product
from typing import Any

from communique.lexicon import lexicon
from communique.text import Token, tokenize

Slots = dict[str, list[Any]]
Words = dict[str, dict[str, Any]]
BREAK = "\n"
_PLAIN_NUMBER = re.compile(r"\d+")
_FULL_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d\d)")
_PAIR = re.compile(r"(\d{1,2})[.,](\d{1,2})")
_LEANS = {"past": -1, "future": 1, "announced": 2}
_DOTTED = ("n", "clock", "dm", "ymd")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over categories, what kind of expression it is, and fixed values for some slots."""

    kind: str
    regex: re.Pattern[str]
    groups: tuple[tuple[str, str], ...]
    fixed: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits: the tokens it spans, how far it reaches with its context, and the values of its slots."""

    kind: str
    first: int
    last: int
    reach: int
    slots: Slots

    def order(self) -> tuple[int, int, int]:
        """Sorts the longest first, and of equally long ones that with more context."""
        return (self.first - self.last, self.first, -self.reach)


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything compiled from a language's `times` lexicon."""

    words: Mapping[str, Mapping[str, Any]]
    codes: Mapping[frozenset[str], str]
    rules: Mapping[str, tuple[Rule, ...]]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...]]
    relations: Mapping[tuple[str, ...], Mapping[str, Any]]
    tense: Mapping[str, int]
    settings: Mapping[str, Any]
    skipped: frozenset[str] = field(default=frozenset())
    clause: frozenset[str] = field(default=frozenset())

    def categories(self, word: str) -> Mapping[str, Any]:
        """The categories of a token with their values; numbers get theirs from their shape."""
        known = self.words.get(word)
        if known is None:
            known = self.words.get(word.lower())
        if known is not None:
            return known
        if word[0].isdigit():
            return number_categories(word, self.settings.get("decimal", "."))
        if word[0].isalpha():
            return {"cap": word} if word[0].isupper() else {"low": word}
        return {BREAK: None} if word == BREAK else {}

    def encode(self, tokens: Sequence[Token]) -> tuple[str, list[Mapping[str, Any]]]:
        """One character per token, and each token's categories."""
        found = [self.categories(token.text) for token in tokens]
        return "".join(self.codes.get(frozenset(c), " ") for c in found), found


def number_categories(word: str, decimal: str) -> dict[str, Any]:
    """The categories a numeral can have by its shape, with its value as each.

    >>> sorted(number_categories("12", ","))
    ['d', 'hour', 'm', 'minute', 'n', 'two']
    >>> number_categories("03.07.2024", ",")
    {'ymd': (2024, 7, 3)}
    >>> number_categories("20.30", ",")
    {'clock': (20, 30)}
    """
    if _PLAIN_NUMBER.fullmatch(word):
        return _plain_categories(word)
    found: dict[str, Any] = {}
    if full := _FULL_DATE.fullmatch(word):
        year = int(full[3])
        found["ymd"] = (year if year > 99 else year + (1900 if year > 50 else 2000), int(full[2]), int(full[1]))
        return found
    if pair := _PAIR.fullmatch(word):
        left, right = int(pair[1]), int(pair[2])
        if left <= 24 and right <= 59 and len(pair[2]) == 2 and "." in word:
            found["clock"] = (left, right)
        if 1 <= left <= 31 and 1 <= right <= 12 and "." in word:
            found["dm"] = (right, left)
    number = _decimal(word, decimal)
    return found if number is None else found | {"n": number}


def _plain_categories(word: str) -> dict[str, Any]:
    if len(word) > 9:
        return {}
    value = int(word)
    found: dict[str, Any] = {"n": value}
    if len(word) <= 2:
        limits = {"d": (1, 31), "m": (1, 12), "hour": (0, 24)}
        found |= {name: value for name, (low, high) in limits.items() if low <= value <= high}
    if len(word) == 2:
        found["two"] = value
        found |= {"minute": value} if value <= 59 else {}
    if len(word) == 3 and value > 99:
        found["three"] = value
    if len(word) == 4 and 1000 <= value <= 2199 and word[0] != "0":
        found["year"] = value
        found["exact" if value % 100 and value >= 1500 else "round"] = value
    return found


def _decimal(word: str, decimal: str) -> float | None:
    grouping = "," if decimal == "." else "."
    parts = word.split(grouping)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and parts[0] != "0":
        return float("".join(parts)) if all(part.isdigit() for part in parts) else None
    if word.count(decimal) == 1 and grouping not in word:
        return float(word.replace(decimal, "."))
    return None


def _number_sets(decimal: str) -> set[frozenset[str]]:
    """Every set of categories a numeral can have."""
    plain = [str(i) for i in range(100)] + [f"0{i}" for i in range(10)] + ["100", "9" * 10, "1998", "1900"]
    found = {frozenset(number_categories(word, decimal)) for word in plain}
    for size in range(len(_DOTTED) + 1):
        found |= {frozenset(names) for names in combinations(_DOTTED, size)}
    return found


class _Patterns:
    """Compiles the patterns of one lexicon; macros are patterns used by name inside others."""

    def __init__(self, classes: Mapping[str, str], macros: Mapping[str, str]) -> None:
        self._classes = classes
        self._macros = macros

    def compile(self, text: str) -> tuple[re.Pattern[str], tuple[tuple[str, str], ...], set[str]]:
        """The regular expression, the slot of each of its groups, and the characters it can begin with."""
        groups: list[tuple[str, str]] = []
        source, first, _ = self._either(text.split(), groups)
        return re.compile(source), tuple(groups), first

    def _either(self, words: list[str], groups: list[tuple[str, str]]) -> tuple[str, set[str], bool]:
        sources, first, empty = [], set(), False
        for branch in _split(words):
            source, start, nullable = self._sequence(branch, groups)
            sources.append(source)
            first |= start
            empty |= nullable
        return "|".join(sources), first, empty

    def _sequence(self, words: list[str], groups: list[tuple[str, str]]) -> tuple[str, set[str], bool]:
        source, first, empty = "", set(), True
        position = 0
        while position < len(words):
            end = _closing(words, position)
            piece, start, nullable = self._item(words[position:end], groups, position == 0)
            source += piece
            if empty:
                first |= start
            empty &= nullable
            position = end
        return source, first, empty

    def _item(self, words: list[str], groups: list[tuple[str, str]], leading: bool) -> tuple[str, set[str], bool]:
        word = words[0]
        if word in "<>":
            groups.append((word, ""))
            return "()", set(), True
        if word[0] == "!":
            sign = "?<!" if leading else "?!"
            return f"({sign}[{self._class(word[1:])}])", set(), True
        optional = words[-1].endswith("?")
        if word == "(":
            source, first, empty = self._either(words[1:-1], groups)
            return f"(?:{source})" + "?" * optional, first, empty or optional
        name, _, slot = word.rstrip("?").partition(":")
        if name in self._macros:
            source, first, empty = self._either(self._macros[name].split(), groups)
            return f"(?:{source})" + "?" * optional, first, empty or optional
        groups.append((slot or name, name))
        members = self._class(name)
        return f"([{members}])" + "?" * optional, set(members), optional

    def _class(self, names: str) -> str:
        members = "".join(self._classes.get(name, "") for name in names.split(","))
        if not members:
            raise ValueError(f"times lexicon: no word has the category {names!r}")
        return members


def _closing(words: list[str], position: int) -> int:
    """The index behind the item that begins at a position: one word, or a bracket up to its closing one."""
    if words[position] != "(":
        return position + 1
    depth = 0
    for index in range(position, len(words)):
        depth += (words[index] == "(") - words[index].startswith(")")
        if depth == 0:
            return index + 1
    raise ValueError(f"times lexicon: bracket not closed in {' '.join(words)!r}")


def _split(words: list[str]) -> Iterator[list[str]]:
    """The alternatives of a pattern, parted by `|` outside brackets."""
    depth = 0
    branch: list[str] = []
    for word in words:
        depth += (word == "(") - word.startswith(")")
        if word == "|" and depth == 0:
            yield branch
            branch = []
        else:
            branch.append(word)
    yield branch


def _collect_words(source: Mapping[str, Any]) -> Words:
    """All words with their categories: listed, inflected, compounded, and the literals in patterns."""
    words: Words = {}
    for category, entries in source["words"].items():
        for word, value in entries.items():
            words.setdefault(str(word), {})[category] = value
    for category, block in source.get("inflected", {}).items():
        for (stem, value), ending in product(block["stems"].items(), block["endings"]):
            words.setdefault(stem + ending, {})[category] = value
    for category, block in source.get("compounds", {}).items():
        for word, value in _compounds(block, words):
            words.setdefault(word, {})[category] = value
    literals = set(re.findall(r"=([^\s?:,]+)", " ".join(_pattern_texts(source))))
    for word in literals:
        words.setdefault(word, {})["=" + word] = None
    _lower_too(words, frozenset(source.get("settings", {}).get("lower_only", ())))
    return words


def _lower_too(words: Words, lower_only: frozenset[str]) -> None:
    """A capitalised entry has the lower one's categories too, but for some ('morgen' is tomorrow, 'Morgen' is not)."""
    for word in [w for w in words if w != w.lower()]:
        lower = words.get(word.lower(), {})
        words[word] |= {name: value for name, value in lower.items() if name not in lower_only}


def _pattern_texts(source: Mapping[str, Any]) -> Iterator[str]:
    yield from source.get("macros", {}).values()
    for rule in source["rules"]:
        yield rule["if"]


def _compounds(block: Mapping[str, Any], words: Words) -> list[tuple[str, Any]]:
    """Words made of parts: each part is a category or a list of strings; slots name the parts' values."""
    parts: list[list[tuple[str, Any]]] = []
    for part in block["parts"]:
        if isinstance(part, str):
            parts.append([(word, found[part]) for word, found in words.items() if part in found])
        else:
            parts.append([(str(text), None) for text in part])
    made = []
    for combination in product(*parts):
        values = [value for _, value in combination if value is not None]
        value = sum(values) if block.get("sum") else dict(zip(block["slots"], values, strict=True))
        made.append(("".join(text for text, _ in combination), value))
    return made


def _phrases(source: Mapping[str, Any]) -> dict[str, tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...]]:
    """Fixed phrases by their first word, longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Mapping[str, Any]]]] = {}
    for entry in source.get("phrases", []):
        for phrase in entry["words"]:
            words = split_words(phrase)
            found.setdefault(words[0], []).append((words, entry))
    return {word: tuple(sorted(entries, key=lambda e: -len(e[0]))) for word, entries in found.items()}


def split_words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase in lower case, as the tokeniser sees them."""
    return tuple(token.text.lower() for token in tokenize(phrase))


def compile_grammar(source: Mapping[str, Any]) -> Grammar:
    """Compile a `times` lexicon; a pattern that names an unknown category is a ValueError."""
    settings = source.get("settings", {})
    words = _collect_words(source)
    sets = {frozenset(found) for found in words.values()} | _number_sets(settings.get("decimal", "."))
    sets |= {frozenset({"cap"}), frozenset({"low"}), frozenset({BREAK})}
    codes = {names: chr(0xE000 + index) for index, names in enumerate(sorted(sets, key=sorted))}
    classes: dict[str, str] = {}
    for names, code in codes.items():
        for name in names:
            classes[name] = classes.get(name, "") + code
    patterns = _Patterns(classes, source.get("macros", {}))
    relations = {split_words(phrase): entry for entry in source.get("relations", []) for phrase in entry["words"]}
    return Grammar(
        words=words,
        codes=codes,
        rules=_rules(source["rules"], patterns),
        phrases=_phrases(source),
        relations=relations,
        tense={word: _LEANS[name] for name, listed in source.get("tense", {}).items() for word in listed},
        settings=settings,
        skipped=frozenset(source.get("skipped", [])),
        clause=frozenset(source.get("clause", [])),
    )


def _rules(entries: Iterable[Mapping[str, Any]], patterns: _Patterns) -> dict[str, tuple[Rule, ...]]:
    """The rules by the character they can begin with, in the order of the lexicon."""
    by_start: dict[str, list[Rule]] = {}
    for entry in entries:
        regex, groups, first = patterns.compile(entry["if"])
        rule = Rule(entry["as"], regex, groups, entry.get("set", {}))
        for code in first:
            by_start.setdefault(code, []).append(rule)
    return {code: tuple(rules) for code, rules in by_start.items()}


@lru_cache(maxsize=8)
def grammar_for(language: str) -> Grammar | None:
    """The grammar of a language, or None where its lexicon has no `times`."""
    source = lexicon(language).get("times")
    return compile_grammar(source) if source else None


def match_rule(rule: Rule, codes: str, found: Sequence[Mapping[str, Any]], position: int) -> Match | None:
    """The rule's match at a position, with the values its slots take."""
    match = rule.regex.match(codes, position)
    if match is None:
        return None
    slots: Slots = {name: [value] for name, value in rule.fixed.items()}
    first, last = position, match.end()
    for index, (slot, category) in enumerate(rule.groups, 1):
        at = match.start(index)
        if at < 0:
            continue
        if slot == "<":
            first = at
        elif slot == ">":
            last = at
        else:
            _fill(slots, slot, found[at].get(category))
    return Match(rule.kind, first, last, match.end(), slots) if last > first else None


def _fill(slots: Slots, slot: str, value: Any) -> None:
    """Put a token's value into its slot; a compound's value fills the slots of its parts."""
    if isinstance(value, dict):
        for name, part in value.items():
            slots.setdefault(name, []).append(part)
    elif value is not None:
        slots.setdefault(slot, []).append(value)
