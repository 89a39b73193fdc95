/* Who has which case: said on its row and above the case, as long as it is true. And that we have one ourselves. */
import { beside, isLive, type Held } from "../base/live";

const SIGN_EVERY = 30_000;
const OPEN_FOR = 3_000;

const held = new Map<string, [string, number][]>();
let mine = "";
let waiting = 0;

function words(people: [string, number][]): string {
  const said = document.getElementById("live-said")?.dataset;
  if (!said) return "";
  return people
    .map(([name, since]) => {
      const minutes = Math.floor((Date.now() - since) / 60_000);
      const sentence = (minutes < 1 ? said["heldNow"] : said["held"]) ?? "";
      return sentence.replace("#n", name).replace("#m", String(minutes));
    })
    .join(" · ");
}

/** Write it where it belongs; a row that was drawn again gets it again. */
export function showHeld(): void {
  for (const row of document.querySelectorAll<HTMLElement>(".case-row[data-row]")) {
    const people = held.get(row.dataset["row"] ?? "");
    let badge = row.querySelector<HTMLElement>(".held");
    if (!people) {
      badge?.remove();
      continue;
    }
    if (!badge) {
      badge = document.createElement("div");
      badge.className = "held";
      row.querySelector(".case-row-main")?.append(badge);
    }
    const said = words(people);
    if (badge.textContent !== said) badge.textContent = said;
  }
  const open = document.querySelector<HTMLElement>("#pane .case");
  const note = open?.querySelector<HTMLElement>("[data-held]");
  if (!open || !note) return;
  const people = held.get(open.dataset["case"] ?? "");
  note.hidden = !people;
  const place = note.querySelector<HTMLElement>("[data-held-who]");
  if (place && people) place.textContent = words(people);
}

function openCase(): string {
  const open = document.querySelector<HTMLElement>("#pane .case");
  return open?.querySelector(".deeds") ? (open.dataset["case"] ?? "") : "";
}

function sign(): void {
  if (!mine || !isLive() || document.visibilityState === "hidden") return;
  void fetch(beside("hold", { case: mine }), { method: "POST", credentials: "include" }).catch(() => undefined);
}

/** Another case is open now, or none: let the old one go, and say after a moment that we have the new one. */
function follow(): void {
  const now = openCase();
  if (now === mine) return;
  window.clearTimeout(waiting);
  if (mine) navigator.sendBeacon(beside("leave", { case: mine }));
  mine = "";
  if (now) {
    waiting = window.setTimeout(() => {
      mine = openCase();
      sign();
    }, OPEN_FOR);
  }
}

document.addEventListener("yw-held", (event) => {
  for (const [id, people] of Object.entries((event as CustomEvent<Held>).detail)) {
    if (people.length === 0) held.delete(id);
    else held.set(id, people);
  }
  showHeld();
});
document.addEventListener("yw-live-open", () => {
  held.clear();
  sign();
});
document.addEventListener("htmx:afterSettle", () => {
  follow();
  showHeld();
});
window.setInterval(() => {
  sign();
  showHeld();
}, SIGN_EVERY);
window.addEventListener("pagehide", () => {
  if (mine) navigator.sendBeacon(beside("leave", { case: mine }));
  mine = "";
});
follow();
