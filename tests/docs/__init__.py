"""Tests of the documents: their commands are run, and the site's pages say what the code says."""
