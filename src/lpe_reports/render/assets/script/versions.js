/* Versions: which one this is, the others, a permanent address. */

function publicPlace() {
  const parts = root.pathname.split("/").filter(Boolean);
  if (parts.at(-1) === "latest") return { base: new URL("../", root), id: "latest" };
  if (parts.at(-2) === "v") return { base: new URL("../../", root), id: parts.at(-1) };
  return null;
}

const addressIn = (base, id) => new URL(`v/${id}/${here}`, base);

async function openVersion(base, id) {
  const address = addressIn(base, id);
  const answer = await fetch(address, { method: "HEAD" }).catch(() => null);
  if (answer?.ok) location.assign(address);
  else say("flag", `Sidan finns inte i versionen ${id}. `, make("a", { href: new URL(`v/${id}/`, base) }, "Till den versionens startsida"));
}

async function showVersions() {
  const place = publicPlace();
  if (!place || place.id === "latest") tellAge();
  const known = place && (await read(new URL("versions.json", place.base)));
  // After the versions: where these are new, so is what is read now.
  if (!(await isOfThisVersion())) return;
  const latest = known?.latest;
  const current = place?.id === "latest" ? latest : place?.id;
  // An older version is old by nature: that there is a newer one is what its reader must know.
  if (place && place.id !== "latest" && (!latest || current === latest)) tellAge();
  completeLetters(known ? current : null);
  tellAddressOnPaper(known ? addressIn(place.base, current) : location.href.split("#")[0]);
  if (!known?.versions?.length) return;
  find("#flode")?.append(make("a", { href: new URL("feed.xml", place.base) }, "Följ versionerna i en flödesläsare"), " (Atom).");
  if (current !== latest) tellOlder(place.base, current, known.versions);
  const select = make("select");
  for (const version of known.versions) {
    const mark = version.id === latest ? " (senaste)" : version.recall ? " (återkallad)" : "";
    const label = version.id + mark;
    const option = make("option", { value: version.id }, label);
    option.selected = version.id === current;
    select.append(option);
  }
  // Who goes through the list by keyboard must not be led away at its first entry.
  const go = make("button", { type: "button", class: "btn", hidden: "" }, "Gå till versionen");
  select.addEventListener("change", () => { go.hidden = select.value === current; });
  go.addEventListener("click", () => openVersion(place.base, select.value));
  find("#version")?.append(make("label", {}, "Version ", select), go);
  find("#permanent")?.append(" · ", make("a", { href: addressIn(place.base, current) }, "permanent adress"));
}

/* A version that was taken back is not only older: something in it was wrong. */
function tellOlder(base, current, versions) {
  const recall = versions.find(({ id }) => id === current)?.recall;
  const why = recall?.why ? `: ${recall.why.replace(/\.$/, "")}` : "";
  const said = recall
    ? `Versionen ${current} är återkallad sedan ${inWords(recall.since)}${why}. `
    : `Du läser en äldre version, publicerad ${current}. `;
  say("flag", said, make("a", { href: new URL(`latest/${here}`, base) }, "Gå till den senaste"), ".");
}

/* Whoever holds a printed page finds it again, as it was. */
function tellAddressOnPaper(address) {
  find(".foot")?.append(make("p", { class: "on-paper path" }, `Adress: ${address}`));
}

/* "Fel på sidan?" tells whoever reads the letter exactly what its writer saw. */
function completeLetters(version) {
  for (const link of findAll('a[href^="mailto:"][href*="&body="]')) {
    const [start, body] = link.getAttribute("href").split("&body=");
    const [page, ...rest] = decodeURIComponent(body).split("\n");
    const facts = [`Adress: ${location.href.split("#")[0]}`];
    if (version) facts.push(`Version: ${version}`);
    if (edition.night) facts.push(`Uppgifter till och med: ${edition.night}`);
    link.href = `${start}&body=${encodeURIComponent([page, ...facts, ...rest].join("\n"))}`;
  }
}

/* The version's night: whether it is old, what stood still in it, pages kept from before. */

function swedishDay() {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: "Europe/Stockholm" }).format(new Date());
}

function tellAge() {
  const { night, fresh_until: until } = edition;
  if (!until || swedishDay() <= until) return;
  const days = Math.round((Date.parse(swedishDay()) - Date.parse(night)) / 86_400_000);
  say("flag old", make("strong", {}, "Uppgifterna är gamla. "), `De går till och med ${inWords(night)}, för ${days} dagar sedan, och skulle ha förnyats senast ${inWords(until)}.`);
}

function tellStanding() {
  const tables = edition.standing || [];
  if (!tables.length) return;
  const named = tables.map(({ name, newest }) => (newest ? `${name} (till och med ${inWords(newest)})` : name));
  const list = new Intl.ListFormat("sv-SE").format(named);
  const link = make("a", { href: new URL("datakvalitet/index.html#farskhet", root) }, "Hur färska uppgifterna är");
  say("flag standing", make("strong", {}, "Nya uppgifter saknas. "), `Källan har inte lämnat något nytt om ${list}. Det som bygger på de uppgifterna är äldre än resten. `, link, ".");
}

function showNight() {
  if (!edition.night) return;
  tellStanding();
  const kept = edition.kept?.[here];
  if (kept) {
    say("flag", `Sidan kunde inte göras om och visas som den var i versionen ${kept.version}. Så har det varit sedan ${inWords(kept.since)}, därför att ${kept.reason}.`);
  } else {
    find("#uppgifter-till")?.append(` · uppgifter till och med ${inWords(edition.night)}`);
  }
}
