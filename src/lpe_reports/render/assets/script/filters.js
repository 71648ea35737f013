/* Tables: rows chosen by the words of a column (data-filters, places of columns from 0).

   Every row is in the page and in its files; here a reader puts some away. */

const ALL = "";

/* What puts a row away: several may, and it is seen when none does. */
const reasons = new WeakMap();
function putAway(row, reason, away) {
  const found = reasons.get(row) ?? new Set();
  if (away) found.add(reason);
  else found.delete(reason);
  reasons.set(row, found);
  row.hidden = found.size > 0;
}

function choiceOf(table, rows, place) {
  const heading = table.tHead.rows[0].cells[place].textContent;
  const words = [...new Set(rows.map((row) => row.cells[place].textContent))];
  if (words.length < 3) return null;  // two rows are read faster than chosen
  const select = make("select", {}, make("option", { value: ALL }, "alla"), ...words.map((word) => make("option", { value: word }, word)));
  return { select, place, label: make("label", {}, `${heading} `, select) };
}

function makeFiltered(table) {
  const all = [...table.tBodies[0].rows];
  const rows = all.filter((row) => !row.classList.contains("total"));
  const choices = table.dataset.filters.split(" ").map((place) => choiceOf(table, rows, Number(place))).filter(Boolean);
  if (!choices.length) return;
  const count = make("small", { role: "status" });
  const total = rows.length < all.length ? "; sista raden gäller alla" : "";
  const apply = () => {
    const chosen = choices.filter(({ select }) => select.value !== ALL);
    const fits = (row) => chosen.every(({ select, place }) => row.cells[place].textContent === select.value);
    let shown = 0;
    for (const row of rows) {
      putAway(row, "filter", !fits(row));
      shown += fits(row);
    }
    count.textContent = chosen.length ? (shown ? `Visar ${shown} av ${rows.length} rader${total}.` : "Ingen rad passar valet.") : "";
  };
  for (const { select } of choices) select.addEventListener("change", apply);
  const box = make("p", { class: "filters" }, ...choices.map(({ label }) => label), count);
  table.closest(".scroll").before(box);
}
