"""Judging: what a response says about each rule that its request bears on."""
