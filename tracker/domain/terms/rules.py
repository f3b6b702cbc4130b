"""The rules: the meaning of answers, by number (DESIGN section 8).

A number stands for what the design says of an answer. It is raised when that changes what an old log answers, so that a
report says by which rules it was made, and projections that others derived are derived anew.
"""

RULES = 2
"""The rules of this release.

1 (until release 0.2): a yes under conditions was on the side of yes; a statement was public when its source was, even
before it was made; milestones, closings and memberships were public from their day, whatever their source's.
"""
