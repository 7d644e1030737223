"""Print the closed lists that records draw from, as shipped: event types and modes, contexts, fields, indicators."""

import sys
import textwrap

from communique.lexicon import lexicon


def listed(title: str, names: list[str]) -> None:
    print(
        textwrap.fill(
            f"{title} ({len(names)}): " + ", ".join(names), 96, subsequent_indent="    ", break_on_hyphens=False
        )
    )


def main() -> int:
    plover = lexicon("any")["plover"]
    print(f"event types ({len(plover['types'])}) with their modes")
    for name, about in plover["types"].items():
        modes = ", ".join(about["modes"]) or "-"
        print(
            textwrap.fill(
                f"{name:<10} {modes}", 96, initial_indent="    ", subsequent_indent=" " * 15, break_on_hyphens=False
            )
        )
    listed("contexts", list(plover["contexts"]))
    fields = lexicon("en").get("fields", {}).get("words") or {}
    if fields:
        listed("fields of commitments", list(fields))
    listed("indicators", list(lexicon("any")["figures"]["indicators"]))
    kinds = {about["kind"] for about in lexicon("any")["units"]["measures"].values()}
    listed("kinds of units besides money (ISO 4217 codes), % and pp, and persons", sorted(kinds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
