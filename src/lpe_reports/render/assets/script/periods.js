/* Neighbouring periods, from the file beside the unit's index; and whether page and file are of
   one version. Where a new one came between the two, the page is read anew, before anything of the
   new version is told on the page of the old. */

const listed = once(() => read(new URL("periods.json", location.href)));
const ownPeriod = async () => (await listed())?.periods.find(({ href }) => href === here.split("/").at(-1));

/* Once for each new content: a copy that stays old on its way must not be asked for for ever. */
function readAnewWhereNot(made) {
  const own = html.dataset.made;
  if (!made || !own) return false;
  const key = `lpe.anew ${location.pathname}`;
  try {
    if (made === own) sessionStorage.removeItem(key);
    if (made === own || sessionStorage.getItem(key) === made) return false;
    sessionStorage.setItem(key, made);
  } catch {
    return false; // nothing may be remembered here, so nothing would end it
  }
  location.reload();
  return true;
}

/* What is said until this is known has its place on the page, but is not seen. */
function waitToTell() {
  if (served && html.dataset.made && find("#grannar")) html.dataset.waits = "";
}

async function isOfThisVersion() {
  if ("waits" in html.dataset && readAnewWhereNot((await ownPeriod())?.made)) return false;
  delete html.dataset.waits;
  return true;
}

async function showNeighbours() {
  const nav = find("#grannar");
  if (!nav || "waits" in html.dataset) return;
  const own = await ownPeriod();
  if (!own) return;
  const alike = (await listed()).periods.filter((period) => period.kind === own.kind);
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
