"""What a speaker is called behind the comma: 'Erin Murphy, a former aide, said', 'sagte Ana Wirz, die Sprecherin.'.

In: Encoded and a statement. Out: the statement with its speaker's span widened over the apposition. Must not know
who is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.reading.encode import Encoded
from communique.reading.statements.cues import Words
from communique.records import Actor, Span, Spans, Statement

LONGEST = 24
"""Words an apposition has at most."""
CLOSERS = frozenset('.,;:"“”„»«-–—')
QUOTES = frozenset('"“”„»«')


def widened(encoded: Encoded, words: Words, statement: Statement) -> Statement:
    """A statement whose only named speaker's span takes in the apposition behind it, if it has one."""
    spans = {a.span for a in statement.speakers if a.span}
    if len(spans) != 1:
        return statement
    span = next(iter(spans))
    end = _end(encoded, words, span, statement.cue)
    if end is None or any(s < end and span[1] <= s for s, _e in statement.content):
        return statement
    wide = (span[0], end)
    return replace(statement, speakers=tuple(_wider(encoded, a, wide) for a in statement.speakers))


def _wider(encoded: Encoded, actor: Actor, span: Span) -> Actor:
    return replace(actor, span=span, text=encoded.words(span)) if actor.span else actor


def _end(encoded: Encoded, words: Words, span: Span, cue: Spans) -> int | None:
    """Where the apposition ends: before the comma that the cue follows, or with the sentence if the cue came first."""
    sentence = encoded.sentence_at(span[0])
    _first, i = encoded.token_range(span)
    tokens = encoded.tokens
    if sentence is None or i >= sentence.last or tokens[i].text != "," or not cue:
        return None
    close = _close(encoded, i + 1, min(sentence.last, i + 2 + LONGEST))
    if close is None or not _noun_phrase(words, [t.text for t in tokens[i + 1 : close]]):
        return None
    after = tokens[close + 1].start if close + 1 < sentence.last else None
    followed = after is not None and any(s <= after < e for s, e in cue)
    came_first = any(e <= span[0] <= e + 1 for _s, e in cue)
    ends = after is None or tokens[close].text != "," or tokens[close + 1].text in QUOTES
    return tokens[close - 1].end if followed or (came_first and ends) else None


def _close(encoded: Encoded, first: int, last: int) -> int | None:
    """The next comma, full stop or quotation mark."""
    return next((i for i in range(first, last) if encoded.tokens[i].text in CLOSERS - {"-"}), None)


def _noun_phrase(words: Words, found: Sequence[str]) -> bool:
    """Whether the words between the commas name somebody: no relative clause, none that ends in a verb."""
    if not found:
        return False
    opens, last = found[0].lower(), found[-1]
    if opens in words["relatives"] and opens not in words["determiners"]:
        return False
    if words.order.verb_second and not last[:1].isupper() and last not in ")]":
        return False
    return opens in words["determiners"] or found[0][:1].isupper() or not words.order.verb_second
