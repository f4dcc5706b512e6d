// The counter by keyboard: pick with arrows, Alt+1…5 for the method, F8 confirms, F9 prints.
(function () {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const methods = ["CASH", "POS", "TRANSFER", "CODE", "MIXED"];

  const shown = (fen) => {
    const digits = String(Math.abs(fen)).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${fen < 0 ? "−" : ""}${whole}.${digits.slice(-2)}`;
  };
  const read = (input) => {
    const found = /^(\d+)(?:\.(\d{0,2}))?$/.exec((input?.value || "").replace(/[,，\s]/g, ""));
    return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0") || 0) : 0;
  };

  function compute(refill) {
    const form = $("pay");
    if (!form) return;
    const items = [...document.querySelectorAll('input[name="item"]')];
    const gross = items.filter((i) => i.checked).reduce((sum, i) => sum + Number(i.dataset.fen), 0);
    const fromBalance = $("use-balance")?.checked ? Math.min(Number(form.dataset.balance), gross) : 0;
    const net = gross - fromBalance;
    const method = form.querySelector('input[name="method"]:checked').value;
    const mixed = method === "MIXED";
    form.querySelectorAll("[data-method]").forEach((row) => {
      const on = mixed || row.dataset.method === method;
      row.hidden = !on;
      if (!on) row.querySelectorAll("input.num").forEach((i) => { i.value = ""; });
    });
    const person = document.querySelector(".person");
    if (refill && person && !mixed && method !== "CODE") {
      const field = form.elements[`received_${method}`];
      field.value = net ? shown(net) : "";
      field.focus();
      field.select();
    }
    const cash = read(form.elements.received_CASH);
    const other = read(form.elements.received_POS) + read(form.elements.received_TRANSFER);
    const change = $("keep-change").checked ? 0 : Math.max(0, cash - Math.max(0, net - other));
    $("net").textContent = shown(net);
    $("gross").textContent = shown(gross);
    if ($("from-balance")) $("from-balance").textContent = shown(fromBalance ? -fromBalance : Number(form.dataset.balance));
    $("change").textContent = shown(change);
    $("short").hidden = method === "CODE" || cash + other + fromBalance >= gross || cash + other + fromBalance === 0;
    $("confirm").hidden = method === "CODE";
    $("make-code").hidden = method !== "CODE";
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "all-items") {
      document.querySelectorAll('input[name="item"]').forEach((i) => { i.checked = event.target.checked; });
    }
    if (event.target.matches('#all-items,input[name="item"],input[name="method"],#use-balance')) compute(true);
    else if (event.target.closest("#pay")) compute(false);
  });
  document.addEventListener("htmx:beforeRequest", () => { if ($("failure")) $("failure").replaceChildren(); });
  document.addEventListener("input", (event) => { if (event.target.closest("#pay")) compute(false); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "counter") {
      compute(true);
      if ($("paid") || !$("pay")) $("counter-search").focus();
    }
    if (event.target.id === "hits") mark();
  });

  const mark = () => $("counter-search").setAttribute("aria-expanded", String($("hits").childElementCount > 0));

  function move(step) {
    const hits = [...document.querySelectorAll(".hit")];
    if (!hits.length) return;
    const at = hits.findIndex((h) => h.getAttribute("aria-selected") === "true");
    hits.forEach((h) => h.setAttribute("aria-selected", "false"));
    const next = hits[(at + step + hits.length) % hits.length];
    next.setAttribute("aria-selected", "true");
    $("counter-search").setAttribute("aria-activedescendant", next.id);
  }

  document.addEventListener("keydown", (event) => {
    const digit = event.altKey && /^Digit([1-5])$/.exec(event.code);
    if (digit) {
      const radio = document.querySelector(`#pay input[value="${methods[digit[1] - 1]}"]`);
      if (radio) { event.preventDefault(); radio.checked = true; $("counter-search").blur(); compute(true); }
    } else if (event.key === "F8") {
      event.preventDefault();
      const button = $("make-code")?.hidden === false ? $("make-code") : $("confirm");
      if (button && !button.disabled) button.click();
    } else if (event.key === "F9") {
      event.preventDefault();
      $("print-receipt")?.click();
    } else if (event.target.id === "counter-search") {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
      else if (event.key === "Enter") { event.preventDefault(); document.querySelector('.hit[aria-selected="true"]')?.click(); }
      else if (event.key === "Escape") { $("hits").replaceChildren(); mark(); }
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".seek-box") && $("hits")) { $("hits").replaceChildren(); mark(); }
  });
  compute(true);
  if (!document.querySelector(".person")) $("counter-search").focus();
})();
