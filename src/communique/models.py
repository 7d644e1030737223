"""The reader model: tokens → logits per head and links between tokens. The only door to ONNX Runtime.

In: sentences of a text. Out: windows of sentences with their arrays. The model folder holds `manifest.json`,
`reader.onnx`, `words.npz` (the word table in 4 bits) and `tokenizer.json.gz`. Must not know what a label means.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from communique.errors import CommuniqueError
from communique.records import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FORMAT = 1
LONGEST = 224
"""Tokens of a window, as in training."""
CONTEXT = 48
"""Tokens of earlier sentences that a window begins with, so that no sentence stands without what came before."""
BOS, EOS, UNK = 0, 2, 3


class ModelError(CommuniqueError):
    """A model folder that is incomplete or does not fit this version of the code."""


@dataclass(frozen=True, slots=True)
class Window:
    """One run of the network: offsets per token, logits per head, queries and keys of the links.

    Shapes: offsets [length] spans into the text (empty for special tokens); logits [length, labels of a head];
    queries, keys [length, links, width]. Tokens before `own` are context that another window answers for.
    """

    offsets: tuple[Span, ...]
    own: int
    logits: dict[str, Floats]
    queries: Floats
    keys: Floats

    def link(self, number: int, start: int) -> Floats:
        """Scores [length] of one link from a token to all tokens."""
        width = self.queries.shape[-1]
        scores: Floats = self.keys[:, number] @ self.queries[start, number] * width**-0.5
        return scores


class Model:
    """A loaded model; runs one window at a time, so that no neighbour changes a result."""

    def __init__(self, folder: Path) -> None:
        self.manifest = _manifest(folder)
        self._folder = folder
        self._session: Any = None
        self._tokenizer: Any = None
        self._nibbles: Any = None
        self._scales: Any = None

    @property
    def name(self) -> str:
        """Name and version of the model, for `reader.model`."""
        return f"{self.manifest['name']} {self.manifest['version']}"

    @property
    def labels(self) -> dict[str, list[str]]:
        """The labels of each head in the order of its logits."""
        labels: dict[str, list[str]] = self.manifest["labels"]
        return labels

    @property
    def calibration(self) -> dict[str, dict[str, float]]:
        """Weights per kind of record for `calibration.Calibration`."""
        weights: dict[str, dict[str, float]] = self.manifest.get("calibration", {})
        return weights

    def fits(self, heads: Mapping[str, int], links: Sequence[str]) -> None:
        """Check that the model has the heads (with so many labels) and links the code asks for; else ModelError."""
        for head, size in heads.items():
            if len(self.labels.get(head, ())) != size:
                raise ModelError(
                    f"The model in {self._folder} has no head {head!r} with {size} labels; update it or the package."
                )
        missing = [link for link in links if link not in self.manifest["links"]]
        if missing:
            raise ModelError(f"The model in {self._folder} has no link {missing[0]!r}; update it or the package.")

    def _open(self) -> None:
        verify(self._folder)
        import numpy as np
        import onnxruntime  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(self._folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
        )
        with gzip.open(self._folder / "tokenizer.json.gz", "rt", encoding="utf-8") as stream:
            self._tokenizer = Tokenizer.from_str(stream.read())
        table = np.load(self._folder / "words.npz")
        self._nibbles, self._scales = table["nibbles"], table["scales"]

    def _embed(self, ids: Sequence[int]) -> Floats:
        """Rows of the word table, taken out of their 4 bits: [length, 384]."""
        import numpy as np

        packed = self._nibbles[list(ids)]
        halves = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8.0
        rows: Floats = (halves * self._scales[list(ids)].astype(np.float32)[..., None]).reshape(len(ids), -1)
        return rows

    def run(self, text: str, sentences: Sequence[Span], breaks: Sequence[bool]) -> tuple[Window, ...]:
        """Read a text's sentences in windows; `breaks` says after which a paragraph ends.

        Shapes: one Window for every stretch of at most LONGEST tokens, together owning every sentence once.
        """
        if self._session is None:
            self._open()
        pieces = [self._pieces(text, span) for span in sentences]
        windows = []
        for first, last, own in _stretches([len(ids) + b for (ids, _o), b in zip(pieces, breaks, strict=True)]):
            ids, offsets, mine = [BOS], [(0, 0)], 1
            for n in range(first, last):
                if n == own:
                    mine = len(ids)
                ids += pieces[n][0]
                offsets += pieces[n][1]
                if breaks[n]:
                    ids.append(EOS)
                    offsets.append((0, 0))
            windows.append(self._window(ids, tuple(offsets), mine))
        return tuple(windows)

    def _pieces(self, text: str, span: Span) -> tuple[list[int], list[Span]]:
        start, end = span
        encoded = self._tokenizer.encode(text[start:end])
        offsets = []
        for left, right in encoded.offsets:
            while left < right and text[start + left].isspace():
                left += 1
            offsets.append((start + left, start + right))
        limit = LONGEST - CONTEXT - 2
        return encoded.ids[:limit], offsets[:limit]

    def _window(self, ids: Sequence[int], offsets: tuple[Span, ...], own: int) -> Window:
        import numpy as np

        out, queries, keys = self._session.run(None, {"words": self._embed(ids)[None]})
        links = len(self.manifest["links"])
        logits = {head: out[0][:, start:end] for head, (start, end) in self.manifest["places"].items()}
        shape = (len(ids), links, -1)
        return Window(offsets, own, logits, np.reshape(queries[0], shape), np.reshape(keys[0], shape))


def _stretches(sizes: Sequence[int]) -> list[tuple[int, int, int]]:
    """Windows over sentences of given sizes: (first with context, last, first owned).

    >>> _stretches([100, 100, 100])
    [(0, 2, 0), (2, 3, 2)]
    """
    out = []
    own = 0
    while own < len(sizes):
        first, context = own, 0
        while first > 0 and context + sizes[first - 1] <= CONTEXT:
            first -= 1
            context += sizes[first]
        last, total = own, context + 1
        while last < len(sizes) and (last == own or total + sizes[last] <= LONGEST):
            total += sizes[last]
            last += 1
        out.append((first, last, own))
        own = last
    return out


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} holds no model ({error}); install the package anew.") from error
    if manifest.get("format") != FORMAT:
        raise ModelError(
            f"{folder} holds a model of format {manifest.get('format')}, not {FORMAT}; update it or the package."
        )
    return manifest


def verify(folder: Path) -> None:
    """Compare the files of a model folder with the hashes of its manifest; ModelError where one differs."""
    for name, expected in _manifest(folder)["sha256"].items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise ModelError(f"{path} is missing or is not the file the manifest names; install the package anew.")


@lru_cache(maxsize=1)
def shipped() -> Model | None:
    """The model that the package ships (or the folder COMMUNIQUE_MODEL names), None where there is none.

    Weights are read at the first run.
    """
    folder = Path(os.environ.get("COMMUNIQUE_MODEL") or str(files("communique") / "data" / "model"))
    return Model(folder) if (folder / "manifest.json").is_file() else None
