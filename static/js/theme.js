// Light, dark or as the system says; the same setting as the record pages keep (Alpine's "adminTheme").
(() => {
  const KEY = "adminTheme";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const read = () => {
    try { return JSON.parse(localStorage.getItem(KEY)) || "auto"; } catch { return "auto"; }
  };
  const apply = () => {
    const wanted = read();
    document.documentElement.classList.toggle("dark", wanted === "dark" || (wanted === "auto" && dark.matches));
  };
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = document.documentElement.classList.contains("dark") ? "light" : "dark";
    localStorage.setItem(KEY, JSON.stringify(next));
    apply();
  });
})();
