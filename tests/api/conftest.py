# SPDX-License-Identifier: Apache-2.0
"""One server for all tests of the API."""
import pytest

from web_server import started


@pytest.fixture(scope="session")
def force(tmp_path_factory):
    with started(tmp_path_factory.mktemp("force")) as running:
        yield running
