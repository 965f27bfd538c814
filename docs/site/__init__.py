"""The documentation site: links of pages, and reference pages that are made from the code."""
