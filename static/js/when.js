// Keeps relative times true without a reload, hides a zone that is the reader's own, runs countdowns.
(() => {
  const meta = document.querySelector('meta[name="atrium-now"]');
  const skew = meta ? new Date(meta.content).getTime() - Date.now() : 0; // Atrium's clock may be moved for training
  const language = document.documentElement.lang;
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const sentence = (seconds) => {
    const size = Math.abs(seconds);
    if (size < 3600) return words.format(Math.trunc(seconds / 60), "minute");
    if (size < 172800) return words.format(Math.trunc(seconds / 3600), "hour");
    return words.format(Math.trunc(seconds / 86400), "day");
  };
  const left = (seconds) => {
    const s = Math.max(0, Math.round(seconds));
    return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  };
  const refresh = () => {
    const now = Date.now() + skew;
    document.querySelectorAll("time[data-relative]").forEach((node) => {
      const target = node.querySelector(".when-relative");
      if (target) target.textContent = sentence((new Date(node.dateTime) - now) / 1000);
    });
    document.querySelectorAll("time[data-countdown]").forEach((node) => {
      node.textContent = left((new Date(node.dateTime) - now) / 1000);
    });
  };
  const zones = () => document.querySelectorAll("time[data-zone]").forEach((node) => {
    node.classList.toggle("own-zone", node.dataset.zone === own);
  });
  const all = () => { zones(); refresh(); };
  all();
  setInterval(refresh, 1000);
  document.addEventListener("htmx:afterSettle", all);
})();
