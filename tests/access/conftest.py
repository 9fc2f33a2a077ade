# SPDX-License-Identifier: Apache-2.0
"""One server with its pages for all tests of this folder."""
import pytest

from web_server import built_pages, started


@pytest.fixture(scope="module")
def force(tmp_path_factory):
    with started(tmp_path_factory.mktemp("access"), built_pages()) as running:
        yield running
