# SPDX-License-Identifier: Apache-2.0
"""Lets every test import the helpers of tests/ and its own folder."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
for folder in (HERE, HERE / "mail", HERE / "sql", HERE / "editors"):
    sys.path.insert(0, str(folder))
