"""What is in effect: statements in order, runs, the state, registers and memberships."""
