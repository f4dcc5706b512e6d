"""Pure decisions about customers: no database, no clock."""
