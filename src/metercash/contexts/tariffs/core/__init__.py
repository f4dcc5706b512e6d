"""Pure decisions of tariffs: which days each version holds, what a source file is, what a price makes of facts."""
