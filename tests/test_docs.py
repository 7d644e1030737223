"""The documents say what is so: outputs are current, fields are complete, links lead somewhere."""

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

import readme
from communique import __version__, records

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*readme.documents(), *(ROOT / n for n in ("ARCHITECTURE.md", "CHANGES.md", "CONTRIBUTING.md"))]


@pytest.mark.parametrize("path", readme.documents(), ids=lambda p: p.name)
def test_outputs_are_current(path: Path) -> None:
    text = path.read_text("utf-8")
    assert readme.filled(text) == text, "run tools/readme.py"


def test_python_of_the_readme_runs() -> None:
    found = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found
    for code in found:
        names: dict[str, object] = {}
        exec(code, names)
        assert names["reading"].events  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_only_package_commands_are_run() -> None:
    with pytest.raises(ValueError, match="only communique and python"):
        readme.output("ls /")


@pytest.mark.parametrize(
    "kind",
    [
        "Document",
        "Actor",
        "Entity",
        "Statement",
        "Event",
        "Deadline",
        "Target",
        "Commitment",
        "Change",
        "Figure",
        "Problem",
        "Mention",
    ],
)
def test_every_field_is_described(kind: str) -> None:
    text = (ROOT / "docs" / "records.md").read_text("utf-8")
    names = [f.name for f in dataclasses.fields(getattr(records, kind))]
    assert [n for n in names if f"`{n}`" not in text] == []


def test_architecture_names_every_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {p.stem for p in (ROOT / "src" / "communique").glob("*.py") if p.stem != "__init__"}
    assert sorted(r for r in rooms if not re.search(rf"\b{r}\.py\b", text)) == []


def test_architecture_names_every_module_of_the_reader() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    room = ROOT / "src" / "communique" / "reading"
    parts = {p.stem for p in room.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()} - {"__init__"}
    assert sorted(p for p in parts if not re.search(rf"\b{p}\b", text)) == []


def test_layers_stand_in_architecture_as_they_are_checked() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = next(c for c in config["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    stated = text.split("## Layers")[1].split("\n## ")[0]
    shown = [line.strip().replace("│", "|") for line in re.findall(r"^ {4}(.+)$", stated, re.MULTILINE)]
    assert shown == contract["layers"]


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## {__version__}" in (ROOT / "CHANGES.md").read_text("utf-8")


def test_no_document_names_a_machine() -> None:
    for path in [*DOCUMENTS, ROOT / "NOTICE", ROOT / "CITATION.cff"]:
        assert not re.search(r"/(home|root|tmp|work|Users)/", path.read_text("utf-8")), path.name
