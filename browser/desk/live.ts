/* What changed elsewhere appears in place: numbers, rows, the open case. Focus, ticks and what was typed stay. */
import { beside, isLive, soon, type Heard } from "../base/live";
import { showHeld } from "./held";
import { isBusy } from "./typing";

interface Part {
  counts: Record<string, string>;
  rows: [number, string][];
}

const SPREAD = 350;
const SAY_EVERY = 5_000;

let asked = 0;
let asking = false;
let saidAt = 0;
let unsaid = 0;

function list(): HTMLOListElement | null {
  return document.querySelector<HTMLOListElement>("#board ol.case-rows");
}

/** Ask for the list again, all changes of a moment at once. */
function refresh(): void {
  if (asked || !document.querySelector("[data-desk]")) return;
  asked = soon(SPREAD, () => {
    asked = 0;
    void ask();
  });
}

async function ask(): Promise<void> {
  if (asking) {
    refresh();
    return;
  }
  asking = true;
  const looked = window.location.search;
  try {
    const query = { name: "desk", lang: document.documentElement.lang, q: looked.slice(1) };
    const answer = await fetch(beside("part", query), { credentials: "include" });
    if (!answer.ok) throw new Error(String(answer.status));
    const part = (await answer.json()) as Part;
    if (looked === window.location.search) draw(part);
  } catch {
    lookAgain();
  } finally {
    asking = false;
  }
}

/** The long way: the page's own fragment from the page's own server. */
function lookAgain(): void {
  if (!document.querySelector("[data-desk]")) return;
  if (document.querySelector(".bulk-bar :focus, .desk-filters :focus, [data-pick]:checked")) return;
  document.body.dispatchEvent(new CustomEvent("yw-look"));
}

function draw(part: Part): void {
  for (const [key, text] of Object.entries(part.counts)) count(key, text);
  const place = list();
  if (!place || part.rows.length === 0) {
    if (place || part.rows.length > 0) lookAgain();
    return;
  }
  const changed = merge(place, part.rows);
  showHeld();
  if (changed > 0) announce(changed);
}

function count(key: string, text: string): void {
  const number = document.querySelector<HTMLElement>(`[data-count="${CSS.escape(key)}"]`);
  if (!number || number.textContent === text) return;
  number.textContent = text;
  number.classList.toggle("none", text === "0");
  number.classList.toggle("text-late", text !== "0" && number.hasAttribute("data-alarming"));
}

/** Bring the rows to what the server says; returns how many are new or say something else. */
function merge(place: HTMLOListElement, rows: [number, string][]): number {
  const before = new Map([...place.querySelectorAll<HTMLElement>("[data-row]")].map((row) => [row.dataset["row"], row]));
  const mould = document.createElement("template");
  let changed = 0;
  let at: Element | null = place.firstElementChild;
  for (const [id, html] of rows) {
    const old = before.get(String(id));
    before.delete(String(id));
    mould.innerHTML = html.trim();
    const fresh = mould.content.firstElementChild as HTMLElement | null;
    if (!fresh) continue;
    const isNews = !old || old.dataset["version"] !== fresh.dataset["version"];
    if (isNews) changed += 1;
    const row = old && !isNews && isSame(old, fresh) ? old : fresh;
    if (row === fresh) {
      if (isNews) fresh.classList.add("is-news");
      if (old) replace(old, fresh, old === at);
      window.htmx.process(fresh);
    }
    if (old === at || row === at) at = row.isConnected ? row : at;
    if (row !== at) place.insertBefore(row, at);
    else at = row.nextElementSibling;
  }
  for (const gone of before.values()) {
    if (!gone.contains(document.activeElement)) gone.remove();
    else gone.classList.add("is-gone");
  }
  return changed + before.size;
}

function isSame(old: HTMLElement, fresh: HTMLElement): boolean {
  return plain(old) === plain(fresh);
}

function plain(row: HTMLElement): string {
  return (row.querySelector(".case-row-main > a")?.textContent ?? "") + (row.querySelector(".case-row-main > .sub")?.textContent ?? "") + (row.querySelector(".case-row-end")?.textContent ?? "");
}

/** Put the fresh row in the old one's place, with its tick, its mark and the focus. */
function replace(old: HTMLElement, fresh: HTMLElement, _first: boolean): void {
  const ticked = old.querySelector<HTMLInputElement>("[data-pick]")?.checked ?? false;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const box = fresh.querySelector<HTMLInputElement>("[data-pick]");
  if (box) box.checked = ticked;
  if (old.classList.contains("current")) {
    fresh.classList.add("current");
    fresh.setAttribute("aria-current", "true");
  }
  old.replaceWith(fresh);
  if (focused) (focused.matches("[data-pick]") ? box : fresh.querySelector<HTMLElement>("[data-row-link]"))?.focus({ preventScroll: true });
}

/** Said aloud now and then, not at every change. */
function announce(changed: number): void {
  unsaid += changed;
  const place = document.getElementById("live-said");
  if (!place || Date.now() - saidAt < SAY_EVERY) return;
  saidAt = Date.now();
  place.textContent = (place.dataset["changed"] ?? "").replace("#", String(unsaid));
  unsaid = 0;
}

/** The open case has moved: drawn anew where nobody is in the middle of something, else a bar says what it is now. */
async function caseChanged(version: number): Promise<void> {
  const pane = document.getElementById("pane");
  const open = pane?.querySelector<HTMLElement>(".case");
  const address = open?.querySelector<HTMLAnchorElement>(".case-head a.number")?.getAttribute("href");
  if (!pane || !open || !address || Number(open.dataset["version"]) > version) return;
  const answer = await fetch(address, { headers: { "HX-Request": "true", "X-By-Itself": "1" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector<HTMLElement>(".case");
  if (fresh && fresh.dataset["version"] === open.dataset["version"]) return;
  if (!isBusy(pane)) {
    await window.htmx.ajax("get", address, { target: "#pane", swap: "innerHTML show:none", headers: { "X-By-Itself": "1" } });
    return;
  }
  const bar = open.querySelector<HTMLElement>("[data-changed]");
  const stage = page.querySelector(".case-head-line .state")?.textContent?.trim();
  const said = bar?.querySelector<HTMLElement>("[data-changed-to]");
  if (said && stage) said.textContent = (said.dataset["changedTo"] ?? "").replace("#", stage);
  if (bar) bar.hidden = false;
}

document.addEventListener("yw-live", (event) => {
  const { cases, look } = (event as CustomEvent<Heard>).detail;
  if (isLive()) refresh();
  else lookAgain();
  const open = document.querySelector<HTMLElement>("#pane .case");
  const id = open?.dataset["case"] ?? "";
  const version = cases[id];
  if (open && version !== undefined) void caseChanged(version);
  else if (open && look && isLive()) void caseChanged(Number.MAX_SAFE_INTEGER);
});
