"""Triage: findings are confirmed, shrunk and attributed."""
