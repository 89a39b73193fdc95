/* The grid worker's pages: how far each case is from where the phone is. The place stays in the phone; nothing is sent. */
import "./field.css";

const METRES_PER_DEGREE = 111_195;

function metresTo(point: string, here: GeolocationCoordinates): number | null {
  const [lon, lat] = point.split(",").map(Number.parseFloat);
  if (lon === undefined || lat === undefined || !Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  const east = (lon - here.longitude) * Math.cos((lat * Math.PI) / 180);
  return Math.hypot(east, lat - here.latitude) * METRES_PER_DEGREE;
}

function said(metres: number, words: DOMStringMap): string {
  if (metres < 20) return words["here"] ?? "";
  if (metres < 1000) return (words["metres"] ?? "").replace("#", String(Math.round(metres / 10) * 10));
  return (words["kilometres"] ?? "").replace("#", (metres / 1000).toFixed(1));
}

function show(button: HTMLElement, here: GeolocationCoordinates): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-point]")) {
    const metres = metresTo(place.dataset["point"] ?? "", here);
    const far = place.querySelector<HTMLElement>("[data-far]");
    if (far && metres !== null) far.textContent = said(metres, button.dataset);
  }
}

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-distances]");
  if (!button) return;
  const status = button.parentElement?.querySelector<HTMLElement>("[data-distances-said]");
  const refused = (): void => {
    button.disabled = false;
    if (status) status.textContent = button.dataset["refused"] ?? "";
  };
  if (!navigator.geolocation) return refused();
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    (found) => {
      button.disabled = false;
      show(button, found.coords);
    },
    refused,
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 },
  );
});
