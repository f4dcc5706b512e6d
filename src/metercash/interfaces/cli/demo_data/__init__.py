"""Real usage curves laid on the invented homes of the demo; see ATTRIBUTION.md."""
