/* Codes of this device's own reports, kept in its browser and nowhere else: the page after sending adds one
   (data-remember), the page for typing a code lists them (data-remembered) and can clear them. */
const STORE = "yw-codes";
const MOST = 20;

interface Kept {
  code: string;
  what: string;
  at: string;
}

function read(): Kept[] {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "[]") as Kept[];
  } catch {
    return [];
  }
}

function add(code: string, what: string): void {
  const others = read().filter((kept) => kept.code !== code);
  const known = read().find((kept) => kept.code === code);
  localStorage.setItem(STORE, JSON.stringify([known ?? { code, what, at: new Date().toISOString() }, ...others].slice(0, MOST)));
}

function list(section: HTMLElement): void {
  const kept = read();
  const rows = section.querySelector("[data-list]");
  const row = section.querySelector<HTMLTemplateElement>("template[data-row]");
  section.hidden = kept.length === 0;
  if (!rows || !row) return;
  rows.replaceChildren(...kept.map((one) => filled(row, one)));
}

function filled(row: HTMLTemplateElement, one: Kept): DocumentFragment {
  const item = row.content.cloneNode(true) as DocumentFragment;
  const link = item.querySelector("a");
  if (link) link.href += encodeURIComponent(one.code);
  const day = new Date(one.at).toLocaleDateString(document.documentElement.lang, { month: "long", day: "numeric" });
  const code = item.querySelector(".mine-code");
  const what = item.querySelector(".mine-what");
  if (code) code.textContent = one.code;
  if (what) what.textContent = [day, one.what].filter(Boolean).join(" · ");
  return item;
}

try {
  for (const said of document.querySelectorAll<HTMLElement>("[data-remember]")) add(said.dataset["remember"] ?? "", said.dataset["what"] ?? "");
  for (const section of document.querySelectorAll<HTMLElement>("[data-remembered]")) {
    list(section);
    section.querySelector("[data-clear]")?.addEventListener("click", () => {
      localStorage.removeItem(STORE);
      list(section);
    });
  }
} catch {
  // A browser that keeps nothing (private mode) shows no list; the code itself is on the page.
}
