"""Staff console: pages that translate between people and the contexts; they decide nothing."""
