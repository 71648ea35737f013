/* The reader's own unit: chosen on its page, first on the front page, a link away everywhere. */

const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, text) { try { if (text) localStorage.setItem(key, text); else localStorage.removeItem(key); } catch { /* not allowed here */ } },
};
const ownSlug = () => memory.get("lpe.enhet");

function chooseUnit(slot) {
  const button = make("button", { type: "button", class: "btn" });
  const isOwn = () => ownSlug() === slot.dataset.unit;
  const draw = () => {
    button.textContent = isOwn() ? "Min enhet ✓" : "Gör till min enhet";
    button.setAttribute("aria-pressed", String(isOwn()));
  };
  button.addEventListener("click", () => {
    const chosen = !isOwn();
    memory.set("lpe.enhet", chosen ? slot.dataset.unit : null);
    memory.set("lpe.enhet.namn", chosen ? find("h1").textContent : null);
    draw();
    linkOwnUnit();
  });
  draw();
  slot.append(button);
}

function showOwnUnit(slot) {
  const own = findAll("[data-unit-links]").find((list) => list.dataset.unitLinks === ownSlug());
  if (!own) return;
  const heading = make("h2", {}, "Min enhet: ", own.dataset.name);
  slot.append(make("section", {}, heading, ...[...own.children].map((child) => child.cloneNode(true))));
}

/* Above the reports in every page's menu, beside the page or, on a phone, behind its button. */
function linkOwnUnit() {
  for (const old of findAll("[data-own]")) old.remove();
  const [slug, name] = [ownSlug(), memory.get("lpe.enhet.namn")];
  if (!slug || !name || !/^[a-z0-9-]+$/.test(slug)) return;
  for (const menu of findAll(".side, .menu nav")) {
    const link = make("a", { href: new URL(`enheter/${slug}/index.html`, root) }, `Min enhet: ${name}`);
    menu.prepend(make("ul", { "data-own": "" }, make("li", {}, link)));
  }
}

function rememberUnit() {
  const slot = find("#min-enhet");
  if (slot?.dataset.unit) chooseUnit(slot);
  else if (slot) showOwnUnit(slot);
  linkOwnUnit();
}
