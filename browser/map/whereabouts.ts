/* The place on a form, told by the device or by a finger: fills the fields a <yw-map> names and says how it went.
   Knows no map library: it is there before the map is, and stays when the map never comes. */
import { readWords, type WordKey } from "./words";

const asked = new WeakSet<HTMLElement>();

/** Where the map says something; there from the start, so that what it says later is read aloud. */
export function spoken(map: HTMLElement): HTMLElement {
  const there = map.querySelector<HTMLElement>(":scope > .yw-map-said");
  if (there) return there;
  const made = document.createElement("div");
  made.className = "yw-map-said";
  made.setAttribute("role", "status");
  map.append(made);
  return made;
}

export function say(map: HTMLElement, key: WordKey, params: Record<string, string> = {}): void {
  const words = readWords(map)[key] ?? "";
  spoken(map).textContent = words.replace(/%\((\w+)\)s/g, (_, name: string) => params[name] ?? "");
}

/** Where the pin is: on a fixed point, or where the form says. */
export function known(map: HTMLElement): [number, number] | null {
  const written = map.getAttribute("point") ?? `${field(map, "lon-field")?.value ?? ""},${field(map, "lat-field")?.value ?? ""}`;
  const [lon, lat] = written.split(",").map(Number.parseFloat);
  return lon !== undefined && lat !== undefined && Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
}

/** Tell form, map and page where it is. `accuracy` in metres; 0 when a person pointed. */
export function pick(map: HTMLElement, lon: number, lat: number, accuracy: number): void {
  fill(map, "lon-field", lon.toFixed(6));
  fill(map, "lat-field", lat.toFixed(6));
  fill(map, "accuracy-field", accuracy ? String(accuracy) : "");
  if (!accuracy) say(map, "picked");
  map.dispatchEvent(new CustomEvent("yw-pick", { bubbles: true, detail: { lon, lat, accuracy } }));
}

/** Ask the device where it is. */
export function locate(map: HTMLElement): void {
  if (asked.has(map)) return;
  if (!("geolocation" in navigator)) {
    refused(map);
    return;
  }
  asked.add(map);
  say(map, "locating");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      asked.delete(map);
      const metres = Math.max(1, Math.round(coords.accuracy));
      pick(map, coords.longitude, coords.latitude, metres);
      say(map, drawn(map) ? "located" : "locatedAlone", { metres: String(metres) });
    },
    () => {
      asked.delete(map);
      refused(map);
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
  );
}

function refused(map: HTMLElement): void {
  say(map, drawn(map) ? "refused" : "refusedAlone");
}

function drawn(map: HTMLElement): boolean {
  return map.classList.contains("ready");
}

function field(map: HTMLElement, attribute: string): HTMLInputElement | null {
  const id = map.getAttribute(attribute);
  return id ? (document.getElementById(id) as HTMLInputElement | null) : null;
}

function fill(map: HTMLElement, attribute: string, value: string): void {
  const input = field(map, attribute);
  if (!input) return;
  input.value = value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
