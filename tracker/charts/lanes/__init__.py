"""The lanes of a timeline: the bands of each party with their marks, and the keys to both."""
