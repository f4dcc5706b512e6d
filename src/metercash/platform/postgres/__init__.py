"""The embedded PostgreSQL server: found, initialized, started, watched and stopped; no Django here."""
