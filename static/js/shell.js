// Small habits of every page: menus that close, selects that submit, feedback on a press, errors in words.
(() => {
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.closest("[data-help]")) document.getElementById("help")?.showModal();
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || event.defaultPrevented) return;
    setTimeout(() => { button.setAttribute("aria-busy", "true"); }, 0);
    setTimeout(() => { button.removeAttribute("aria-busy"); }, 8000);
  });
  const say = (text) => {
    const box = document.getElementById("messages");
    if (!box || !text) return;
    const line = document.createElement("p");
    line.className = "message tone-bad";
    line.textContent = text;
    box.replaceChildren(line);
  };
  document.addEventListener("htmx:responseError", (event) => {
    const answer = new DOMParser().parseFromString(event.detail.xhr.responseText || "", "text/html");
    say(answer.querySelector("h1")?.textContent || String(event.detail.xhr.status));
  });
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));
  window.addEventListener("pageshow", () => document.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy")));
})();
