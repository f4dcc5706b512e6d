// Behaviour every page shares; no framework, no inline handlers.
(function () {
  "use strict";
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content || "";

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = meta("csrf-token");
  });
  document.addEventListener("htmx:beforeRequest", () => bar(true));
  document.addEventListener("htmx:afterRequest", () => bar(false));
  document.addEventListener("htmx:sendError", () => toast(meta("text-offline"), "bad"));
  document.addEventListener("htmx:timeout", () => toast(meta("text-offline"), "bad"));
  document.addEventListener("htmx:responseError", (event) => {
    const text = event.detail.xhr.responseText;
    const page = new DOMParser().parseFromString(text, "text/html");
    const said = page.querySelector("[data-problem]");
    toast(said ? said.textContent.trim() : meta("text-failed"), "bad");
  });

  function bar(on) {
    document.getElementById("loading")?.classList.toggle("on", on);
  }

  function toast(text, kind) {
    const box = document.getElementById("toasts");
    if (!box) return;
    const note = document.createElement("div");
    note.className = `note note-${kind}`;
    note.setAttribute("role", "alert");
    note.textContent = text;
    box.append(note);
    setTimeout(() => note.remove(), 8000);
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-open],[data-close],[data-toggle],[data-print],[data-copy]");
    const side = document.getElementById("side");
    if (side?.classList.contains("open") && !event.target.closest("#side,[data-toggle]")) {
      side.classList.remove("open");
    }
    if (!target) return;
    if (target.dataset.open) document.getElementById(target.dataset.open)?.showModal();
    else if ("close" in target.dataset) target.closest("dialog")?.close();
    else if (target.dataset.toggle) document.getElementById(target.dataset.toggle)?.classList.toggle("open");
    else if ("print" in target.dataset) window.print();
    else if (target.dataset.copy) copy(target, document.getElementById(target.dataset.copy));
  });

  // An intranet page by a bare address has no clipboard of its own; the old command works there.
  async function copy(button, field) {
    field.focus();
    field.select();
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch { done = document.execCommand("copy"); }
    const said = button.querySelector("span");
    if (done && said) said.textContent = button.dataset.done;
  }

  // What a form answered with is left under its list's address, so that reloading sends nothing twice.
  const answered = document.querySelector("[data-address]");
  if (answered) history.replaceState(null, "", answered.dataset.address);

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-once]");
    if (button && !event.target.hasAttribute("hx-post")) {
      setTimeout(() => { button.disabled = true; });
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[data-once]").forEach((b) => { b.disabled = false; });
  });

  document.addEventListener("keydown", (event) => {
    const active = document.activeElement;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(active?.tagName || "") && active.inputMode !== "decimal"
      && !/^(radio|checkbox)$/.test(active.type)
      && !(active.id === "counter-search" && !active.value);
    const wanted = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing);
    if (!wanted) return;
    const box = document.getElementById("counter-search") || document.getElementById("find");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });
})();
