/* Index pages: a filter over long lists, and the reader's own unit. */

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

const memory = {
  get() { try { return localStorage.getItem("lpe.enhet"); } catch { return null; } },
  set(slug) { try { if (slug) localStorage.setItem("lpe.enhet", slug); else localStorage.removeItem("lpe.enhet"); } catch { /* not allowed here */ } },
};

function rememberUnit() {
  const slot = find("#min-enhet");
  if (!slot) return;
  if (slot.dataset.unit) {
    const button = make("button", { type: "button", class: "btn" });
    const draw = () => {
      const own = memory.get() === slot.dataset.unit;
      button.textContent = own ? "Min enhet ✓" : "Gör till min enhet";
      button.setAttribute("aria-pressed", String(own));
    };
    button.addEventListener("click", () => {
      memory.set(memory.get() === slot.dataset.unit ? null : slot.dataset.unit);
      draw();
    });
    draw();
    slot.append(button);
    return;
  }
  const own = findAll("[data-unit-links]").find((list) => list.dataset.unitLinks === memory.get());
  if (!own) return;
  const heading = make("h2", {}, "Min enhet: ", own.dataset.name);
  slot.append(make("section", {}, heading, ...[...own.children].map((child) => child.cloneNode(true))));
}
