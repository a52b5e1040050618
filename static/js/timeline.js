// A click on a free stretch books from where it was clicked, on the quarter-hour.
(() => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.tl-free");
    if (!link || !event.clientX) return;
    const box = link.getBoundingClientRect();
    const first = Number(link.dataset.first), last = Number(link.dataset.last);
    const part = Math.min(0.999, Math.max(0, (event.clientX - box.left) / box.width));
    const address = new URL(link.href);
    address.searchParams.set("from", String(first + Math.floor(part * (last - first) / 2) * 2));
    link.setAttribute("href", address.pathname + address.search);
  }, true);
})();
