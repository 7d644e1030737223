"""What the reader takes for a name and a language also writes as a word: to find false mentions in a folder of texts.

    python tools/surface_report.py TEXTS.jsonl... [--all] [--top N]

Texts are JSON Lines with `text` and `language`. Shown are mentions of one word, by kind of entity and by frequency,
that the same texts also write in small letters (`--all`: every mention). A person judges them; a false one goes into
`never` of `knowledge/lexicon/any/traps.yaml` or out of its row.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from communique.document import load
from communique.reading import Reader
from communique.records import Reading
from communique.text import tokenize

Key = tuple[str, str, str, str]  # language, kind, form in the text, name of the entity
OFTEN = 3


@dataclass
class Tally:
    """Mentions by key, an example of each, and how often words are written small per language."""

    found: Counter[Key] = field(default_factory=Counter)
    where: dict[Key, str] = field(default_factory=dict)
    small: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, reading: Reading) -> None:
        language, text = reading.document.language or "?", reading.document.text
        self.small.update((language, t.text) for t in tokenize(text) if t.text.islower())
        for entity in reading.entities:
            for start, end in entity.mentions:
                words = text[start:end]
                key = (language, entity.kind, words, f"{entity.name} {entity.wikidata or entity.code or '-'}")
                self.found[key] += 1
                self.where.setdefault(key, text[max(0, start - 40) : end + 40].replace("\n", " "))

    def suspect(self, key: Key) -> bool:
        language, _kind, words, _name = key
        return words.isalpha() and not words.islower() and self.small[language, words.lower()] >= OFTEN


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--top", type=int, default=40)
    options = parser.parse_args()
    reader, tally = Reader(), Tally()
    for path in options.texts:
        for loaded in load(path):
            if loaded.document is not None:
                tally.add(reader.read(loaded.document))
    shown: Counter[tuple[str, str]] = Counter()
    for key, count in tally.found.most_common():
        language, kind, words, name = key
        if options.all or tally.suspect(key):
            shown[language, kind] += 1
            if shown[language, kind] <= options.top:
                print(f"{count:6} {language} {kind:12} {words:24} {name:40} …{tally.where[key]}…")
    return 0


if __name__ == "__main__":
    sys.exit(main())
