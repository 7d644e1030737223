"""How the room speaks: its words in the reader's language, names of states and bodies, numbers, and its templates.

In: a language. Out: a jinja environment that escapes all it prints. Must not know the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from communique import notation
from communique.knowledge import Knowledge, Row
from communique.view import Wording, named, visible

CARDS, PAGE = "cards.html.jinja", "page.html.jinja"
LANGUAGES = ("de", "en")
FALLBACK = "en"


@lru_cache(maxsize=1)
def _own_words() -> Mapping[str, Mapping[str, str]]:
    content: Mapping[str, Mapping[str, str]] = json.loads(
        (files("communique") / "web" / "words.json").read_text("utf-8")
    )
    return content


class Speech(Wording):
    """Says things in one language only: the server makes the page anew for another one."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.known = {**self.known, **_own_words()}

    def word(self, group: str, key: str | None) -> Markup:
        """A word of the interface, or the code itself where there is none for it."""
        said = self.known.get(f"{group}.{key}", {}).get(self.language)
        return Markup("{}").format(visible((key or "").replace("_", " ")) if said is None else said)

    def attribute(self, name: str, group: str, key: str) -> Markup:
        """An attribute whose value is a word of the interface."""
        return Markup('{}="{}"').format(name, self.word(group, key))

    def both(self, values: Mapping[str, str]) -> Markup:
        """What reads differently in each language, in this one."""
        return Markup("{}").format(visible(values[self.language]))

    def day(self, value: str | None) -> str:
        """A day as people write it; what is none stands as it is."""
        return str(self.moment(value))

    def span(self, start: str | None, end: str | None) -> str:
        """A period as people write it; empty where none is stated."""
        return self._period(self.language, start, end, "month") if start or end else ""

    def name(self, actor: str) -> str:
        """An actor's name where its code is known, with its sector where that is not the government.

        >>> Speech("de").name("KAZ"), Speech("de").name("KAZ.MIL"), Speech("en").name("the witnesses")
        ('Kasachstan', 'Kasachstan (MIL)', 'the witnesses')
        """
        code, _, sector = actor.partition(".")
        row = coded(code)
        if row is None:
            return actor
        return f"{row.name(self.language)} ({sector})" if sector else row.name(self.language)


def coded(code: str) -> Row | None:
    """The state or body with a code."""
    if not code.isupper():
        return None
    knowledge = Knowledge.default()
    return knowledge.state(code) or knowledge.row(f"igo/{code}")


def _source(name: str) -> str:
    if name == CARDS:
        # The cards of the self-contained page, without the page: the two look the same because they are the same.
        whole = (files("communique") / "data" / "view" / PAGE).read_text("utf-8")
        return whole.partition("<!doctype html>")[0]
    return (files("communique") / "web" / "templates" / name).read_text("utf-8")


def _finalize(value: Any) -> Any:
    """Whatever a template prints passes here: plain strings lose what a browser would obey."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=len(LANGUAGES))
def environment(language: str) -> Environment:
    """The templates, speaking one language."""
    speech = Speech(language)
    made = Environment(
        loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined, finalize=_finalize,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(
        w=speech.word, attr=speech.attribute, amount=speech.amount, moment=speech.moment, period=speech.period,
        span=speech.span, named=named, coded=notation.actor, words=notation.words, name=speech.name,
        language=speech.language, languages=LANGUAGES,
    )  # fmt: skip
    made.filters["offsets"] = lambda spans: " ".join(f"{start}–{end}" for start, end in spans)
    made.filters["segment"] = segment
    made.filters["fragment"] = fragment
    made.filters["names"] = lambda actors: names(speech, actors)
    return made


def names(speech: Speech, actors: Sequence[str]) -> str:
    """Actors by name on one line."""
    return ", ".join(dict.fromkeys(speech.name(actor) for actor in actors))


def segment(text: str) -> str:
    """Text as one piece of an address."""
    return quote(text, safe="")


def fragment(words: str) -> str:
    """The end of an address at which a browser shows the first stretch of some words, where no record marks them.

    >>> fragment("by mid-2024, they said … again")
    ':~:text=by%20mid%2D2024%2C%20they%20said'
    """
    return f":~:text={segment(words.partition(' … ')[0]).replace('-', '%2D')}"


def preferred(accepted: str) -> str:
    """The language that a browser's header asks for first among those that the room speaks.

    >>> preferred("fr, de;q=0.8, en;q=0.5"), preferred("fr")
    ('de', 'en')
    """
    for part in accepted.split(","):
        wanted = part.split(";")[0].strip()[:2].lower()
        if wanted in LANGUAGES:
            return wanted
    return FALLBACK
