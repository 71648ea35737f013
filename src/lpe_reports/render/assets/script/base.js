/* What a page gains when it is read in a browser. Everything it says is there without it.

   These files are one script, in the order of site_files.py, within one function. Opened as a
   file, without a web server, what is read from small files stays away: versions, neighbouring
   periods, charts that answer. What the version itself is (version.js: its night, until when that
   is fresh, kept pages) is there before the page is drawn, so that nothing moves when it is said. */

const html = document.documentElement;
const root = new URL(html.dataset.root || "./", location.href);
const here = decodeURI(location.pathname.slice(root.pathname.length)) || "index.html";
const served = location.protocol.startsWith("http");
const edition = globalThis.lpeVersion || {};

const find = (selector) => document.querySelector(selector);
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

async function read(url) {
  if (!served) return null;
  try {
    // Asked for anew each time, also where a server does not say so; and not waited for for ever.
    const answer = await fetch(url, { cache: "no-cache", signal: AbortSignal.timeout(20_000) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

const once = (make) => {
  let made;
  return () => (made ??= make());
};

function inWords(day) {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}

function say(tone, ...content) {
  find("#versionsbesked")?.append(make("div", { class: `notice ${tone}` }, make("p", {}, ...content)));
}
