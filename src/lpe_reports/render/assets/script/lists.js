/* Index pages: a filter over long lists. */

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("sv");

function makeFilter(list) {
  const items = findAll("[data-row]", list);
  if (items.length < 12) return;
  const input = make("input", { type: "search", autocomplete: "off" });
  const count = make("small", { role: "status" });
  const label = make("label", { class: "find" }, `${list.dataset.filter} `, input, " ", count);
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const text = plain(item.textContent);
      item.hidden = !words.every((word) => text.includes(word));
      shown += !item.hidden;
    }
    count.textContent = words.length ? `${shown} av ${items.length}` : "";
  });
  list.before(label);
}
