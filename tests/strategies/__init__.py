"""Tests of the values, bodies and cases that obey or break a rule."""
