"""Timelines: statements in order, runs, the state on a day, registers and memberships."""
