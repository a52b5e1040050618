/* Draws the lateness histogram from its own table, so both always agree. */
(() => {
  const canvas = document.getElementById("lateness");
  const table = document.getElementById("lateness-table");
  if (!canvas || !table || !window.Chart) return;
  const rows = [...table.tBodies[0].rows];
  const style = getComputedStyle(document.body);
  new window.Chart(canvas, {
    type: "bar",
    data: {
      labels: rows.map((row) => row.cells[0].textContent),
      datasets: [{ label: canvas.dataset.unit, data: rows.map((row) => Number(row.cells[1].dataset.count)),
        backgroundColor: style.getPropertyValue("--accent").trim() }],
    },
    options: {
      animation: false,
      plugins: { legend: { display: false } },
      scales: { x: { ticks: { color: style.color } }, y: { beginAtZero: true, ticks: { color: style.color, precision: 0 } } },
    },
  });
})();
