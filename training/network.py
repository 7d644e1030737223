"""The reader's network: one encoder, a linear layer for all tags and classes, bilinear links between tokens.

In: token ids. Out: per head logits, and for each link a query and a key per token. Must not know texts.
"""

from __future__ import annotations

import torch
from torch import nn

from training.encoder import WIDTH, Encoder
from training.examples import CLASSES, LINKS, PAIRS, TAGS

LINK_WIDTH = 96


def layout() -> dict[str, tuple[int, int]]:
    """Where each head's logits lie in the one output vector: (start, end)."""
    out, at = {}, 0
    for head, kinds in TAGS.items():
        out[head] = (at, at + 1 + 2 * len(kinds))
        at = out[head][1]
    for head, labels in CLASSES.items():
        out[head] = (at, at + len(labels))
        at = out[head][1]
    return out


class ReaderNet(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.places = layout()
        self.drop = nn.Dropout(0.1)
        self.inner = nn.Linear(WIDTH, WIDTH)
        self.tags = nn.Linear(WIDTH, max(end for _s, end in self.places.values()))
        self.queries = nn.Linear(WIDTH, LINK_WIDTH * (len(LINKS) + len(PAIRS)))
        self.keys = nn.Linear(WIDTH, LINK_WIDTH * (len(LINKS) + len(PAIRS)))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Shapes: logits [batch, length, all heads]; queries and keys [batch, length, links × width]."""
        hidden = self.encoder(ids, mask)
        wide = self.drop(torch.nn.functional.gelu(self.inner(hidden)))
        return self.tags(self.drop(hidden)), self.queries(wide), self.keys(wide)


def link_scores(queries: torch.Tensor, keys: torch.Tensor, head: str) -> torch.Tensor:
    """Scores [batch, from, to] of one link."""
    n = (*LINKS, *PAIRS).index(head)
    part = slice(n * LINK_WIDTH, (n + 1) * LINK_WIDTH)
    return queries[..., part] @ keys[..., part].transpose(1, 2) * LINK_WIDTH**-0.5
