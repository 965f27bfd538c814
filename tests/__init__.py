"""The tests of the suite itself, in the folders of what they test."""
