"""Alembic looks for this file; the environment itself is made in storage/migrate.py, which holds the connection."""
