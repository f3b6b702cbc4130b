"""The front page: issues by parties on a day, on three clocks, and two of them side by side."""
