"""Answers that are seen better than read have a picture above them, whose marks lead to their entries."""

import re

import pytest
from starlette.testclient import TestClient

pytest.importorskip("vl_convert", reason="the pictures of the page need the extra charts")


def test_an_agreement_has_a_network(climate_client: TestClient) -> None:
    asked = "on=2024-11-20&issue=finance"
    page = climate_client.get(f"/agreement?{asked}").text
    drawn = page.partition("wide-chart")[2].partition("</svg>")[0]
    named = re.findall(r'<th scope="row" dir="auto">([^(]+) \(', page)
    assert len(named) > 2
    assert all(name.split()[0] in drawn for name in named)
