"""The site as plain files: every page of a cut-off, which the application renders, with links that lead to files."""
