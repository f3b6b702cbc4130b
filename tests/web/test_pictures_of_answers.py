"""Answers that are seen better than read have a picture above them, whose marks lead to their entries."""

import re

import pytest
from starlette.testclient import TestClient

pytest.importorskip("vl_convert", reason="the pictures of the page need the extra charts")


def test_an_explanation_has_the_partys_way_as_a_band(client: TestClient) -> None:
    page = client.get("/explain?party=RUS&issue=extension&on=2021-03-01").text
    drawn = re.findall(r"<svg.*?</svg>", page.partition("wide-chart")[2], re.DOTALL)
    steps = client.get("/api/history?party=RUS&issue=extension&on=2021-03-01").json()
    entries = {int(number) for number in re.findall(r'href="/entries/(\d+)\?on=2021-03-01', drawn[0])}
    told = {step["event_id"] for step in steps}
    positions = {entry["position"] for entry in client.get("/api/log").json() if entry["event_id"] in told}
    assert len(positions) == len(told)
    assert positions <= entries


def test_an_agreement_has_a_network(climate_client: TestClient) -> None:
    asked = "on=2024-11-20&issue=finance"
    page = climate_client.get(f"/agreement?{asked}").text
    drawn = page.partition("wide-chart")[2].partition("</svg>")[0]
    named = re.findall(r'<th scope="row" dir="auto">([^(]+) \(', page)
    assert len(named) > 2
    assert all(name.split()[0] in drawn for name in named)
