"""The record of a run, and the reports that are folds over it."""
