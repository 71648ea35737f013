/* Neighbouring periods, from the file beside the unit's index. */

async function showNeighbours() {
  const nav = find("#grannar");
  if (!nav) return;
  const name = here.split("/").at(-1);
  const listed = await read(new URL("periods.json", location.href));
  const own = listed?.periods.find((period) => period.href === name);
  if (!own) return;
  const alike = listed.periods.filter((period) => period.kind === own.kind);
  const at = alike.indexOf(own);
  const [later, earlier] = [alike[at - 1], alike[at + 1]];
  if (earlier) nav.append(make("a", { href: earlier.href, rel: "prev" }, `‹ ${earlier.title}`));
  if (later) nav.append(make("a", { href: later.href, rel: "next" }, `${later.title} ›`));
  const side = find("#perioder");
  for (const period of alike.slice(Math.max(0, at - 2), Math.max(0, at - 2) + 5).reverse()) {
    const link = make("a", { href: period.href }, period.title);
    if (period === own) link.setAttribute("aria-current", "page");
    side?.prepend(make("li", {}, link));
  }
}
