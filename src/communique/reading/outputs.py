"""Spans of whole words out of BIO logits, and links between them.

In: windows of logits. Out: Tagged spans in text order. Must not know what a head is for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.models import Model, Window
from communique.reading.encode import Encoded
from communique.records import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


HEADS = {
    "names": 9, "content": 3, "inner": 3, "source": 3, "cue": 3, "event": 33, "action": 3, "promise": 3,
    "modality": 4, "kind": 5,
}  # fmt: skip
"""The heads the reader asks, with how many labels each has."""
LINKS = (
    "content_cue", "content_source", "event_source", "event_target", "action_party", "source_entity", "target_entity",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tagged:
    """A span of whole words with its label and mean probability; `token` is its first token in `window`."""

    span: Span
    first: int
    last: int
    label: str
    score: float
    window: int
    token: int


@dataclass(frozen=True, slots=True)
class Words:
    """Which tokens of a window begin a word of the document: token index and word index, in step."""

    tokens: tuple[int, ...]
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The model's windows over one document, with the words they cover."""

    model: Model
    encoded: Encoded
    windows: tuple[Window, ...]
    words: tuple[Words, ...]

    @staticmethod
    def of(model: Model, encoded: Encoded) -> Outputs:
        """Run the model over a document's sentences; ModelError where it is not the model this code is made for."""
        model.fits(HEADS, LINKS)
        sentences = [s.span for s in encoded.sentences]
        breaks = [
            n + 1 == len(encoded.sentences) or s.paragraph != encoded.sentences[n + 1].paragraph
            for n, s in enumerate(encoded.sentences)
        ]
        windows = model.run(encoded.text, sentences, breaks)
        return Outputs(model, encoded, windows, tuple(_words(encoded, w) for w in windows))

    def tagged(self, head: str, start_cost: float = 0.0, least: float | None = None) -> list[Tagged]:
        """All spans of a head, in text order.

        `start_cost` makes long spans whole: log-odds that beginning another one must be worth. With `least` each word
        stands for itself: the probability of being no O from which on it counts.
        """
        found: list[Tagged] = []
        for number in range(len(self.windows)):
            found += self._in_window(head, number, start_cost, least)
        return found

    def probabilities(self, head: str, window: int, token: int) -> list[tuple[str, float]]:
        """Labels of a class head at a token with their probabilities, best first."""
        import numpy as np

        row = self.windows[window].logits[head][token]
        shares = np.exp(row - row.max())
        shares = shares / shares.sum()
        labels = self.model.labels[head]
        return sorted(((labels[i], float(p)) for i, p in enumerate(shares)), key=lambda x: -x[1])

    def support(self, head: str, span: Span) -> float:
        """How probable the model holds the words of a span for a head's, on average; 0 outside all sentences."""
        import numpy as np

        number = self.window_of(span[0])
        first, last = self.token_range(number, span) if number >= 0 else (0, 0)
        if last <= first:
            return 0.0
        rows = self.windows[number].logits[head][first:last]
        shares = np.exp(rows - rows.max(-1, keepdims=True))
        return float((1 - shares[:, 0] / shares.sum(-1)).mean())

    def window_of(self, offset: int) -> int:
        """The window that answers for an offset; -1 before the first."""
        return bisect_right(self.windows, offset, key=_first_own) - 1

    def link(self, name: str, source: Tagged) -> Floats:
        """Scores of one link from a span's first token to every token of its window."""
        number = self.model.manifest["links"].index(name)
        return self.windows[source.window].link(number, source.token)

    def token_range(self, window: int, span: Span) -> tuple[int, int]:
        """Tokens of a window that touch a span, half-open."""
        offsets = self.windows[window].offsets
        inside = [i for i, (s, e) in enumerate(offsets) if s < e and s < span[1] and e > span[0]]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def _in_window(self, head: str, number: int, start_cost: float, least: float | None) -> Iterable[Tagged]:
        import numpy as np

        window, words = self.windows[number], self.words[number]
        rows = [i for i in words.tokens if i >= window.own]
        if not rows:
            return []
        offset = len(words.tokens) - len(rows)
        logits = window.logits[head][rows]
        shares = np.exp(logits - logits.max(-1, keepdims=True))
        shares = shares / shares.sum(-1, keepdims=True)
        labels = self.model.labels[head]
        if least is None:
            best = best_path(np.log(shares + 1e-9).tolist(), start_cost)
        else:
            best = np.where(shares[:, 0] <= 1 - least, shares[:, 1:].argmax(-1) + 1, 0).tolist()
        named = (1 - shares[:, 0]).tolist()
        return self._runs(number, offset, [labels[i] for i in best], named)

    def _runs(self, number: int, offset: int, tags: Sequence[str], scores: Sequence[float]) -> list[Tagged]:
        out: list[Tagged] = []
        words = self.words[number]
        begin = -1
        for i, tag in enumerate([*tags, "O"]):
            goes_on = begin >= 0 and tag[0] == "I" and tag[2:] == tags[begin][2:]
            if begin >= 0 and not goes_on:
                first, last = words.words[offset + begin], words.words[offset + i - 1] + 1
                tokens = self.encoded.tokens
                span = (tokens[first].start, tokens[last - 1].end)
                mean = sum(scores[begin:i]) / (i - begin)
                out.append(Tagged(span, first, last, tags[begin][2:], mean, number, words.tokens[offset + begin]))
                begin = -1
            if tag != "O" and begin < 0:
                begin = i
        return out


def _first_own(window: Window) -> int:
    """Where the part of the text begins that a window answers for."""
    return next((start for start, end in window.offsets[window.own :] if start < end), 0)


def best_path(rows: Sequence[Sequence[float]], start_cost: float) -> list[int]:
    """The likeliest sequence of O, B, I, B, I, … (0, 1, 2, 3, 4, …) from log-probabilities; I follows its B or itself.

    >>> best_path([[-3.0, -0.1, -3.0], [-0.6, -3.0, -0.9], [-3.0, -3.0, -0.1]], 1.0)
    [1, 2, 2]
    """
    size = len(rows[0]) if rows else 1
    scores, back = [0.0, *[-1e9] * (size - 1)], []
    for row in rows:
        before = max(range(size), key=scores.__getitem__)
        pointers, found = [before], [scores[before] + row[0]]
        for begin in range(1, size, 2):
            inside = begin + 1
            goes_on = begin if scores[begin] >= scores[inside] else inside
            pointers += (before, goes_on)
            found += (scores[before] + row[begin] - start_cost, scores[goes_on] + row[inside])
        back.append(pointers)
        scores = found
    state = max(range(size), key=scores.__getitem__)
    path = []
    for pointers in reversed(back):
        path.append(state)
        state = pointers[state]
    return path[::-1]


def _words(encoded: Encoded, window: Window) -> Words:
    tokens, words = [], []
    last = -1
    for i, (start, end) in enumerate(window.offsets):
        if start >= end:
            continue
        word = bisect_right(encoded.starts, start) - 1
        if word >= 0 and word != last:
            tokens.append(i)
            words.append(word)
            last = word
    return Words(tuple(tokens), tuple(words))
