"""The release that answers: a part of every answer's tag, and what pages name at their foot."""

from importlib.metadata import version

RELEASE = version("negotiation-tracker")
