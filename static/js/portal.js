/* portal.js: shortens ways that exist without it. Every word on screen comes from the page (data-*), none from here. */
"use strict";
(() => {
  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

  // The error summary: `autofocus` does it on a page load, this after htmx has put a form back.
  const focusErrors = (root) => root.querySelector("[data-error-summary]")?.focus();
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));

  // <form data-guard>: says that something is not saved yet, and asks before the page is left.
  const notes = (form, dirty) => form.querySelectorAll("[data-unsaved]").forEach((note) => { note.hidden = !dirty; });
  const mark = (form, dirty) => { form.toggleAttribute("data-dirty", dirty); notes(form, dirty); };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-guard], [data-autosave]")) mark(form, true);
  });
  document.addEventListener("submit", (event) => { event.target.removeAttribute("data-dirty"); });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
  });

  // <form data-autosave="address"> (empty: the form's own): sent after two quiet seconds, files left out.
  const timers = new WeakMap();
  const under = new WeakMap();  // one after the other: the next says what the last one has saved
  const save = (form, leaving = false) => {
    const before = leaving ? undefined : under.get(form);
    under.set(form, before ? before.then(() => send(form)) : send(form, leaving));
  };
  const send = async (form, leaving = false) => {
    timers.delete(form);
    const says = form.querySelector("[data-saved]");
    const body = new FormData(form);
    [...body].forEach(([name, value]) => { if (value instanceof File) body.delete(name); });
    form.removeAttribute("data-dirty");
    let kept = false, words = says?.dataset.failed;
    try {
      const answer = await fetch(form.dataset.autosave || form.action, {
        method: "POST", body, credentials: "same-origin", redirect: "error", headers: { "X-Autosave": "1" },
        keepalive: leaving,
      });
      kept = answer.ok;
      if (answer.status === 409) words = says?.dataset.elsewhere ?? words;
      const version = answer.headers.get("X-Version");  // the draft counted this saving: the form goes on from there
      if (version && form.elements.version) form.elements.version.value = version;
    } catch { /* no network: said below, tried again with the next key */ }
    if (!kept) form.setAttribute("data-dirty", "");
    notes(form, form.hasAttribute("data-dirty"));
    if (says) says.textContent = (kept ? says.dataset.saved : words).replace("{time}", clock());
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.hasAttribute("data-autosave")) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), 2000));
  });
  document.addEventListener("submit", (event) => { clearTimeout(timers.get(event.target)); timers.delete(event.target); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    document.querySelectorAll("form[data-autosave]").forEach((form) => {
      if (timers.has(form)) { clearTimeout(timers.get(form)); save(form, true); }
    });
  });

  // .desk tables: j and k move, Enter opens, 1 to 3 press the row's buttons. Only while the focus is inside the table
  // or its scroll region (WCAG 2.1.4: a single key must not act from anywhere on the page).
  const go = (rows, row) => {
    rows.forEach((other) => other.classList.toggle("cur", other === row));
    (row.querySelector("th a, a") ?? row).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    const table = event.target.closest(".desk") ?? event.target.querySelector(":scope > .desk");
    if (!table) return;
    const rows = [...table.tBodies].flatMap((part) => [...part.rows]);
    const now = rows.indexOf(event.target.closest("tbody tr") ?? table.querySelector("tr.cur"));
    if (event.key === "j" || event.key === "k") {
      const next = rows[event.key === "j" ? now + 1 : now - 1] ?? rows[Math.max(now, 0)];
      if (next) { event.preventDefault(); go(rows, next); }
    } else if (event.key === "Enter" && !event.target.matches("a, button, summary")) {
      rows[now]?.querySelector("th a, a")?.click();
    } else if (/^[1-3]$/.test(event.key)) {
      rows[now]?.querySelectorAll(".btn")[Number(event.key) - 1]?.click();
    }
  });

  // [data-keys]: digits press its buttons in their order, while the focus is inside. The desk leads there with #next.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (!/^[1-9]$/.test(event.key)) return;
    event.target.closest("[data-keys]")?.querySelectorAll("[data-key]")[Number(event.key) - 1]?.click();
  });

  // [data-begin]: where work with the keyboard begins on a page, unless the address names another place.
  const begin = document.querySelector("[data-begin]");
  if (begin && !location.hash && document.activeElement === document.body) {
    begin.focus({ preventScroll: true });
    begin.closest(".desk tbody tr")?.classList.add("cur");
  }

  // <button data-copy="text" hidden>: shown only where copying works; says that it is done.
  const show = (root) => {
    if (!navigator.clipboard) return;
    root.querySelectorAll("button[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const says = button.querySelector("[data-copied]");
    if (!says) return;
    says.dataset.rest ??= says.textContent;
    says.textContent = says.dataset.copied;
    setTimeout(() => { says.textContent = says.dataset.rest; }, 3000);
  });
  show(document);
  document.addEventListener("htmx:afterSwap", (event) => show(event.target));

  // [data-narrow]: a field that hides the choices of its fieldset that do not hold what is typed. Width, case and kana are one.
  const folded = (text) => text.normalize("NFKC").toLowerCase()
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
  const offer = (root) => root.querySelectorAll("[data-narrow]").forEach((part) => { part.hidden = false; });
  document.addEventListener("input", (event) => {
    const part = event.target.closest("[data-narrow]");
    if (!part) return;
    const wanted = folded(event.target.value.trim());
    part.closest("fieldset").querySelectorAll("label.choice").forEach((choice) => {
      choice.hidden = !folded(choice.textContent).includes(wanted) && !choice.querySelector(":checked");
    });
  });
  offer(document);

  // Open menus close with Escape and with a click elsewhere.
  const closeMenus = (but) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== but) menu.open = false;
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });
})();
