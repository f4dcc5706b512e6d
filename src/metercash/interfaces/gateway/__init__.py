"""Messages from outside: payment providers tell us about money here."""
