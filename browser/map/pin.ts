/* The pin a person puts: by a tap, by dragging, by arrow keys, or where the device says it is. */
import { type LngLat, type Map as Chart, Marker } from "maplibre-gl";

const DRAWN =
  '<svg viewBox="0 0 36 44" aria-hidden="true"><path d="M18 1.500C9 1.500 2 8.500 2 17.200 2 28.500 18 42.500 18 42.500s16-14 16-25.300C34 8.500 27 1.500 18 1.500Z" fill="currentColor" stroke="#fff" stroke-width="2"/><circle cx="18" cy="17" r="6" fill="#fff"/></svg>';

const STEPS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pin {
  private marker: Marker | null = null;

  constructor(
    private readonly chart: Chart,
    private readonly label: string,
    private readonly movable: boolean,
    private readonly moved: (at: LngLat) => void,
  ) {}

  put(lon: number, lat: number): void {
    if (!this.marker) this.marker = this.make().setLngLat([lon, lat]).addTo(this.chart);
    this.marker.setLngLat([lon, lat]);
  }

  private make(): Marker {
    const element = document.createElement("div");
    element.className = "yw-pin";
    element.innerHTML = DRAWN;
    const marker = new Marker({ element, anchor: "bottom", draggable: this.movable });
    if (this.movable) {
      marker.on("dragend", () => this.moved(marker.getLngLat()));
      element.addEventListener("keydown", (event) => this.step(marker, event));
    }
    element.tabIndex = this.movable ? 0 : -1;
    element.setAttribute("role", this.movable ? "button" : "img");
    element.setAttribute("aria-label", this.label);
    return marker;
  }

  private step(marker: Marker, event: KeyboardEvent): void {
    const way = STEPS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 40 : 6;
    const here = this.chart.project(marker.getLngLat());
    const there = this.chart.unproject([here.x + way[0] * far, here.y + way[1] * far]);
    marker.setLngLat(there);
    this.moved(there);
  }
}
