// Keys of the console: / search, g + letter, n new, j k rows, Enter open, Esc close, ? help.
(() => {
  let going = 0;
  const typing = (node) => node.closest("input,textarea,select,[contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const focusOf = (row) => row.querySelector("a[data-panel]") || row.querySelector("a,button") || row;
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.contains(document.activeElement) || row.classList.contains("open"));
    const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
    focusOf(next).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const go = (letter) => {
    const link = document.querySelector(`#nav a[data-key="${CSS.escape(letter)}"]`);
    if (link) link.click();
    return Boolean(link);
  };
  const escape = (event) => {
    if (document.querySelector("dialog[open]")) return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    if (typing(event.target)) { event.target.blur(); return; }
    window.atriumPanel?.close();
  };
  const single = {
    "/": () => { const box = document.getElementById("search"); box?.focus(); box?.select(); },
    "?": () => document.getElementById("help")?.showModal(),
    j: () => move(1),
    k: () => move(-1),
    n: () => document.querySelector("[data-new]")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { escape(event); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (going && Date.now() - going < 1500 && go(event.key)) { going = 0; event.preventDefault(); return; }
    going = event.key === "g" ? Date.now() : 0;
    if (single[event.key]) { event.preventDefault(); single[event.key](); }
  });
})();
