/* <div id="…" data-live-refresh>: a part of a page that is asked for again when something its reader may see has changed.
   Never while somebody is in the middle of something in it; the focus stays where it was. */
import { soon, type Heard } from "./live";

const SPREAD = 800;
const APART = 4_000;

let asked = 0;
let askedAt = 0;

function isBusy(place: Element): boolean {
  if (place.querySelector("form[data-sent], details[open] form, dialog[open], :checked:not(option)")) return true;
  const focused = document.activeElement;
  return focused !== null && place.contains(focused) && focused.matches("input, textarea, select");
}

async function refresh(): Promise<void> {
  asked = 0;
  askedAt = Date.now();
  const places = [...document.querySelectorAll<HTMLElement>("[data-live-refresh]")];
  if (places.length === 0) return;
  const answer = await fetch(window.location.href, { headers: { "X-By-Itself": "1" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const place of places) {
    const fresh = page.getElementById(place.id);
    if (!fresh || isBusy(place) || fresh.innerHTML === place.innerHTML) continue;
    const link = (document.activeElement as HTMLAnchorElement | null)?.getAttribute("href");
    const inside = place.contains(document.activeElement);
    place.replaceChildren(...fresh.childNodes);
    window.htmx.process(place);
    if (inside && link) place.querySelector<HTMLElement>(`a[href="${CSS.escape(link)}"]`)?.focus({ preventScroll: true });
  }
}

document.addEventListener("yw-live", (event) => {
  const { cases, look } = (event as CustomEvent<Heard>).detail;
  if (asked || !(look || Object.keys(cases).length > 0) || !document.querySelector("[data-live-refresh]")) return;
  asked = window.setTimeout(() => soon(SPREAD, () => void refresh().catch(() => undefined)), Math.max(0, APART - (Date.now() - askedAt)) * Number(askedAt > 0));
});
