"""The tariff language and its engine: pure, exact, and every line explains itself."""
