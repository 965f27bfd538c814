"""Tests of the values, bodies and cases that conform or break a rule."""
