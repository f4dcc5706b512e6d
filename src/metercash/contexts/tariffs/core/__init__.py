"""Pure decisions of tariffs: which days each version holds, and what a source file is."""
