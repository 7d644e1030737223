"""Print how much the knowledge holds, and how many terms of office rest on which source."""

import sys
from collections import Counter

from communique.knowledge import Knowledge

NAMES = {
    "igo": "organisations, organs, groupings, formats",
    "initiative": "agreements, programmes, forums",
    "organisation": "news agencies and outlets",
    "region": "parts of states and regions above them",
    "city": "cities and capitals",
}


def line(count: int, what: str) -> None:
    print(f"{count:7,}  {what}")


def main() -> int:
    knowledge = Knowledge.default()
    status = Counter(r.more["status"] for r in knowledge.rows("state"))
    line(status.total(), "states and territories: " + ", ".join(f"{n} {s}" for s, n in status.most_common()))
    for kind, what in NAMES.items():
        line(len(list(knowledge.rows(kind))), what)
    line(len(knowledge.contested), "contested cases")
    terms = Counter(t.source for r in knowledge.rows("person") for t in r.terms)
    line(len(list(knowledge.rows("person"))), "persons")
    line(terms.total(), "terms of office: " + ", ".join(f"{n:,} {s}" for s, n in terms.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
