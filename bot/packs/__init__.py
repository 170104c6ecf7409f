"""Packs: folders that an outsider can check with no database and no secret."""
