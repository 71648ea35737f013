/* Tables: how many periods are shown, sorting, and a scroll box that the keyboard reaches. */

const periodOrder = (text) => {
  const match = /^(\d{4})(?:-(\d{1,2}))?$/.exec(text.trim());
  return match ? Number(match[1]) * 100 + Number(match[2] || 0) : NaN;
};

function periodRows(table) {
  const rows = findAll("tbody tr", table).map((row) => ({ row, order: periodOrder(row.cells[0]?.textContent || "") }));
  const dated = rows.filter(({ order }) => !Number.isNaN(order));
  return dated.length >= rows.length - 1 ? dated : [];
}

function periodWord(table) {
  const heading = table.querySelector("thead th").textContent;
  const words = [[/vecka/i, "veckor"], [/månad/i, "månader"], [/^år$/i, "år"]];
  return words.find(([pattern]) => pattern.test(heading))?.[1] || "perioder";
}

/* Tables that are longer than their window (data-window) show its rows until asked for more. */
function showChoiceOfPeriods() {
  const slot = find("#visa");
  const windowed = findAll("main table[data-window]");
  if (!slot || !windowed.length) return;
  const tables = windowed.map(periodRows);
  const least = Math.min(...windowed.map((table) => Number(table.dataset.window)));
  const most = Math.max(...tables.map((rows) => new Set(rows.map(({ order }) => order)).size));
  if (most <= least) return;
  const word = periodWord(windowed[0]);
  const select = make("select");
  for (const count of [least, 13, 26, 52].filter((n) => n >= least && n < most)) {
    select.append(make("option", { value: count }, `${count} ${word}`));
  }
  select.append(make("option", { value: most }, `alla ${most} ${word}`));
  const notes = windowed.map((table) => make("p", { class: "note on-paper" }));
  windowed.forEach((table, place) => table.closest(".scroll").after(notes[place]));
  const apply = () => {
    for (const rows of tables) {
      const newest = [...new Set(rows.map(({ order }) => order))].sort((a, b) => b - a);
      const last = newest[Math.min(Number(select.value), newest.length) - 1];
      for (const { row, order } of rows) putAway(row, "period", order < last);
    }
    const cut = Number(select.value) < most;
    for (const note of notes) note.textContent = cut ? `Utskriften visar de ${select.value} senaste; tabellen har fler.` : "";
  };
  select.addEventListener("change", apply);
  slot.append(make("label", {}, "Visa ", select));
  apply();
}

function sortKey(text) {
  const clean = text.trim().replace(/[\s\u00a0\u202f]/g, "");
  const clock = /^(\d+):(\d\d)$/.exec(clean);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const period = periodOrder(text);
  if (!Number.isNaN(period)) return period;
  const number = /^[-−+]?[\d]+(?:,\d+)?/.exec(clean);
  if (number) return Number(number[0].replace("−", "-").replace(",", "."));
  return /^(dold|–|-|)$/.test(clean) ? null : clean.toLocaleLowerCase("sv");
}

function compare(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "sv");
}

function makeSortable(table) {
  const headers = findAll("thead tr", table).length === 1 ? findAll("thead th", table) : [];
  const body = table.tBodies[0];
  if (!body || body.rows.length < 4 || findAll("[rowspan],[colspan]", table).length) return;
  for (const [column, header] of headers.entries()) {
    const button = make("button", { type: "button" });
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const down = header.getAttribute("aria-sort") === "ascending";
      for (const other of headers) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = [...body.rows].map((row) => ({ row, key: sortKey(row.cells[column].textContent), total: row.classList.contains("total") }));
      keyed.sort((a, b) => a.total - b.total || (a.key === null || b.key === null ? compare(a.key, b.key) : (down ? -1 : 1) * compare(a.key, b.key)));
      body.append(...keyed.map(({ row }) => row));
    });
  }
}

function reachByKeyboard(box) {
  const name = box.closest("figure")?.querySelector("figcaption")?.firstChild?.textContent
    || box.querySelector("caption")?.textContent
    || box.closest("section")?.querySelector("h2,h3")?.textContent
    || "Tabell";
  new ResizeObserver(() => {
    if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", name);
    } else {
      for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
    }
  }).observe(box);
}
