"""How often parties agree as a network in GraphML, as Gephi, yEd, igraph and networkx read it.

Parties are nodes with `name` and `kind`; two that share an issue are joined by an edge with their counts. See
http://graphml.graphdrawing.org/specification.html.
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tracker.domain.terms.safe_text import plain
from tracker.reports.agreement.pairs import AgreementAnswer, counts_of, fields_of

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_OF_NODES = ("name", "kind")


def render_graphml(answer: AgreementAnswer) -> str:
    """The network, undirected; what is null in data is left out."""
    root = Element("graphml", xmlns=NAMESPACE)
    fields = fields_of(answer.found)
    for name in _OF_NODES:
        _declare(root, "node", name, "string")
    for name in fields:
        _declare(root, "edge", name, "double" if name.endswith("index") else "int")
    graph = SubElement(root, "graph", id="agreement", edgedefault="undirected")
    parties = answer.names.parties if answer.names else {}
    for code in answer.found.parties:
        node, party = SubElement(graph, "node", id=code), parties.get(code)
        kind = None if party is None else party.kind.value
        _say(node, {"name": answer.shown_names.name(code), "kind": kind}.items())
    for pair in answer.found.pairs:
        source, target = pair.parties
        _say(SubElement(graph, "edge", source=source, target=target), counts_of(pair).items())
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _declare(root: Element, of: str, name: str, kind: str) -> None:
    SubElement(root, "key", {"id": name, "for": of, "attr.name": name, "attr.type": kind})


def _say(element: Element, values: Iterable[tuple[str, str | float | None]]) -> None:
    for name, value in values:
        if value is not None:
            SubElement(element, "data", key=name).text = plain(str(value))
