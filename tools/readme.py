"""Put the real output of commands into the documents: README.md and docs/*.md; `--check` only compares.

A block begins with `<!-- output: COMMAND -->` and ends with `<!-- end -->`; what stands between is replaced by the
command and what it prints. COMMAND is `communique …` or `python tools/… .py`, run in the root of the repository.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- output: (?P<command>[^\n]+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def documents() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@lru_cache(maxsize=64)
def output(command: str) -> str:
    """What a command prints on a terminal of 80 columns without colours; errors stand below."""
    words = shlex.split(command)
    if words[0] not in ("communique", "python"):
        raise ValueError(f"{command!r}: only communique and python are run")
    start = [sys.executable, "-m", "communique.cli"] if words[0] == "communique" else [sys.executable]
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [*start, *words[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return (done.stdout + done.stderr).rstrip()


def filled(text: str, run: Callable[[str], str] = output) -> str:
    """A document with all its blocks filled.

    >>> print(filled("<!-- output: communique -->\\nold\\n<!-- end -->", lambda command: "new"))
    <!-- output: communique -->
    ```console
    $ communique
    new
    ```
    <!-- end -->
    """

    def block(match: re.Match[str]) -> str:
        command = match["command"]
        return f"{match[1]}```console\n$ {command}\n{run(command)}\n```\n{match[3]}"

    return BLOCK.sub(block, text)


def main() -> int:
    stale = []
    for path in documents():
        text = path.read_text("utf-8")
        new = filled(text)
        if new != text:
            stale.append(str(path.relative_to(ROOT)))
            if "--check" not in sys.argv:
                path.write_text(new, "utf-8")
    if stale:
        print("stale, run tools/readme.py:" if "--check" in sys.argv else "written:", *stale)
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
