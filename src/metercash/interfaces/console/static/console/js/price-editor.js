// Puts a component where the cursor stands, at the end of that line, and has the text checked anew.
const text = document.getElementById("yaml");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const end = text.value.indexOf("\n", text.selectionEnd);
  const at = end < 0 ? text.value.length : end;
  const before = at === 0 || text.value[at - 1] === "\n" ? "" : "\n";
  text.setRangeText(before + button.dataset.insert.trimEnd(), at, at, "end");
  text.focus();
  text.dispatchEvent(new Event("recheck"));
});

// Tab indents by two spaces, as the language is written; Escape lets the keyboard leave the field.
text.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.shiftKey || text.dataset.leave) {
    text.dataset.leave = event.key === "Escape" ? "1" : "";
    return;
  }
  event.preventDefault();
  text.setRangeText("  ", text.selectionStart, text.selectionEnd, "end");
});
