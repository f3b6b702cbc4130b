"""Commands that show the record to look at: in a browser, as pictures, as web pages."""
