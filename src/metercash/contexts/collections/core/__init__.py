"""Pure decisions of collections."""
