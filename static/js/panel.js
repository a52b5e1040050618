// The side panel: opened by click or Enter, closed by Esc, with its own address (?panel=…); focus returns.
(() => {
  const panel = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  if (!panel || !body) return;
  let opener = null;
  const addressWith = (value) => {
    const url = new URL(location.href);
    if (value) url.searchParams.set("panel", value); else url.searchParams.delete("panel");
    return url;
  };
  const mark = (address) => document.querySelectorAll("[data-row]").forEach((row) => {
    const link = row.querySelector("a[data-panel]");
    row.classList.toggle("open", Boolean(address) && link?.getAttribute("href") === address);
  });
  const show = (address, focus) => {
    panel.hidden = false;
    document.documentElement.classList.add("with-panel");
    mark(address);
    return htmx.ajax("GET", address, { target: body, swap: "innerHTML" }).then(() => { if (focus) body.focus(); });
  };
  const hide = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    document.documentElement.classList.remove("with-panel");
    mark(null);
    body.replaceChildren();
    (opener && document.contains(opener) ? opener : document.getElementById("main")).focus();
    opener = null;
  };
  const local = (value) => (value && /^\/(?!\/)/.test(value) ? value : null);
  const fromAddress = () => local(new URL(location.href).searchParams.get("panel"));
  const open = (link) => {
    opener = link;
    const address = link.getAttribute("href");
    history.pushState({ panel: address }, "", addressWith(address));
    show(address, true);
  };
  const close = () => {
    if (panel.hidden) return false;
    history.pushState({}, "", addressWith(null));
    hide();
    return true;
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-panel-close]")) { close(); return; }
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest("a[data-panel]");
    const row = event.target.closest("[data-row]");
    if (!link && (event.target.closest("a,button,input,select,label,summary") || !row)) return;
    const wanted = link || row.querySelector("a[data-panel]");
    if (!wanted) return;
    event.preventDefault();
    open(wanted);
  });
  window.addEventListener("popstate", () => {
    const address = fromAddress();
    if (address) show(address, false); else hide();
  });
  window.atriumPanel = { close, open, reload: () => { const a = fromAddress(); if (a) show(a, false); } };
  document.body.addEventListener("panel:reload", () => window.atriumPanel.reload());
  document.body.addEventListener("panel:close", close);
  const start = () => {
    const address = fromAddress();
    if (address) show(address, false);
    else if (body.children.length) { panel.hidden = false; document.documentElement.classList.add("with-panel"); }
  };
  if (document.readyState === "complete") start(); else window.addEventListener("DOMContentLoaded", start);
})();
