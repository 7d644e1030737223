"""The reader model: what is refused, and that neither windows nor neighbours show in what is read."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from communique import models
from communique.document import Overrides, document_of
from communique.models import Model, ModelError, verify
from communique.notation import as_json
from communique.reading import Reader
from communique.reading.layout import encode
from communique.reading.outputs import Outputs, best_path

FOLDER = Path(models.__file__).parent / "data" / "model"
SENTENCE = "Die Ministerin von Peru sagte am Montag, ihr Land werde den Vertrag mit Chile im Mai unterzeichnen."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def copied(folder: Path) -> Path:
    shutil.copytree(FOLDER, folder)
    return folder


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    verify(FOLDER)
    manifest = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    assert manifest["licence"] == "CC BY-SA 4.0"
    assert {"labels", "links", "sha256", "origin", "trained_on", "scores", "calibration"} <= set(manifest)
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) <= 45_000_000


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path / "model")
    with (folder / "words.npz").open("r+b") as stream:
        stream.seek(1000)
        stream.write(b"\0\0\0\0")
    with pytest.raises(ModelError, match=r"words\.npz is missing or is not the file"):
        verify(folder)


def test_a_missing_model_and_another_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model"):
        Model(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(ModelError, match="format 99"):
        Model(tmp_path)


def test_a_model_without_a_head_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path / "model")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["labels"].pop("event")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="no head 'event'"):
        Model(folder).fits({"event": 33}, ())


def test_the_likeliest_path_has_no_inside_without_a_beginning() -> None:
    assert best_path([[-2.0, -2.0, -0.1]], 0.0)[0] != 2
    assert best_path([], 0.0) == []


def test_every_sentence_is_owned_by_one_window(reader: Reader) -> None:
    document, _ = document_of("\n\n".join([SENTENCE] * 40), Overrides(published="2024-05-06", language="de"))
    encoded, _ = encode(document)
    assert reader.model is not None
    outputs = Outputs.of(reader.model, encoded)
    owned = [o for w in outputs.windows for o in w.offsets[w.own :] if o[1] > o[0]]
    assert owned == sorted(owned)
    assert len(set(owned)) == len(owned)
    assert len(outputs.windows) > 3


def test_a_sentence_reads_the_same_in_a_long_item(reader: Reader) -> None:
    """The statement of one paragraph stands in each of forty equal ones, wherever the windows are cut."""
    document, _ = document_of("\n\n".join([SENTENCE] * 40), Overrides(published="2024-05-06", language="de"))
    reading = reader.read(document)
    said = [s for s in reading.statements if "unterzeichnen" in document.text[s.content[0][0] : s.content[-1][1]]]
    assert len(said) == 40


def test_neighbours_change_nothing(reader: Reader) -> None:
    texts = [
        SENTENCE,
        "Chile criticised Peru on Friday.",
        "Der Handel wuchs um 5 Prozent, sagte ein Sprecher Boliviens.",
    ]
    documents = [document_of(t, Overrides(published="2024-05-06"))[0] for t in texts]
    together = [as_json(r, min_confidence=0) for r in reader.read_all(documents)]
    alone = [as_json(Reader().read(d), min_confidence=0) for d in reversed(documents)][::-1]
    assert together == alone


def test_logits_are_the_same_twice(reader: Reader) -> None:
    document, _ = document_of(SENTENCE, Overrides(language="de"))
    encoded, _ = encode(document)
    assert reader.model is not None
    one, other = Outputs.of(reader.model, encoded), Outputs.of(reader.model, encoded)
    assert np.array_equal(one.windows[0].logits["event"], other.windows[0].logits["event"])
