# SPDX-License-Identifier: Apache-2.0
"""Finds words about people that Firebreak does not use; the list is neutral-words.txt beside this file.

    for line, word, instead in findings(text, shown=True): ...
"""
import pathlib
import re

LIST = pathlib.Path(__file__).resolve().parent / "neutral-words.txt"


def _read():
    rows = []
    for number, line in enumerate(LIST.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3 or parts[0] not in ("everywhere", "shown"):
            raise SystemExit(f"{LIST.name}:{number}: not `where`, `what` and `instead` with tabs between")
        rows.append((parts[0], re.compile(parts[1], re.I), parts[2]))
    return rows


WORDS = _read()


def findings(text, shown):
    """Yields (line, the word, what to write instead); `shown` of a text that people read on a screen or on paper."""
    for where, what, instead in WORDS:
        if where == "shown" and not shown:
            continue
        for found in what.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, found.group(0), instead
