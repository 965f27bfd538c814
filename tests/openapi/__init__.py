"""Tests of reading descriptions and overlays, and of the rules and the oracle that follow from them."""
