"""Pure decisions about readings: no database, no clock."""
