/* <yw-map>. Attributes, all optional:
     divisions, points      address of GeoJSON, or "#id" of a <script type="application/json">
     center="lon,lat"       with zoom="14"; else the map fits what it shows
     point="lon,lat"        a pin that does not move
     pick                   the reader puts a pin; lon-field, lat-field, accuracy-field name the inputs it fills
     cluster                points that lie close together become one
     size="small|tall|fill", note="words in the corner, such as: generated boundaries"
   Properties of a division: id, name, level, highlight, problem. Of a point: id, state, url, name, current.
   Events: yw-pick {lon, lat, accuracy}, yw-select {id, url} (cancel it to stop following the url).
   Children stay visible until the map is drawn, and for good where it cannot be drawn. */
import { type GeoJSONSource, type LngLatBoundsLike, Map as Chart, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { boundsOf, highlighted, load } from "./data";
import { type Ink, readInk, STATES, whenInkChanges } from "./ink";
import { Pin } from "./pin";
import { shape } from "./shapes";
import { NOTHING, styleOf } from "./style";
import { known, locate, pick, say, spoken } from "./whereabouts";
import { readWords, type Words } from "./words";

setWorkerUrl(workerUrl);

type Box = [number, number, number, number];

interface Picked {
  lon: number;
  lat: number;
  accuracy: number;
}

export class TownMap extends HTMLElement {
  chart: Chart | null = null;
  private words: Words = {};
  private pin: Pin | null = null;
  private stop: (() => void) | null = null;
  private divisions: GeoJSON.GeoJSON = NOTHING;
  private points: GeoJSON.GeoJSON = NOTHING;

  connectedCallback(): void {
    this.words = readWords(this);
    this.classList.add("loading");
    spoken(this);
    this.addEventListener("yw-pick", this.follow);
    void this.draw();
  }

  disconnectedCallback(): void {
    this.stop?.();
    this.chart?.remove();
    this.chart = null;
  }

  /** Replace what is shown, without moving the view. */
  async show(points: string | GeoJSON.GeoJSON): Promise<void> {
    this.points = typeof points === "string" ? await load(points) : points;
    this.chart?.getSource<GeoJSONSource>("points")?.setData(this.points);
  }

  private async draw(): Promise<void> {
    try {
      [this.divisions, this.points] = await Promise.all([load(this.getAttribute("divisions")), load(this.getAttribute("points"))]);
      if (this.isConnected) this.open();
    } catch {
      if (!known(this)) say(this, "failed");
      this.classList.remove("loading");
    }
  }

  private open(): void {
    const canvasHost = document.createElement("div");
    canvasHost.style.cssText = "position:absolute;inset:0";
    this.append(canvasHost);
    const ink = readInk(this);
    const chart = new Chart({
      container: canvasHost,
      style: styleOf(ink, this.divisions, this.points, this.hasAttribute("cluster")),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 19,
      cooperativeGestures: !this.hasAttribute("pick") && this.getAttribute("size") !== "fill",
      locale: this.locale(),
      ...this.view(),
    });
    this.chart = chart;
    chart.touchZoomRotate.disableRotation();
    chart.keyboard.disableRotation();
    chart.addControl(new NavigationControl({ showCompass: false }), "top-right");
    chart.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
    chart.on("load", () => this.opened(chart, ink));
    this.stop = whenInkChanges(() => this.repaint());
  }

  private opened(chart: Chart, ink: Ink): void {
    for (const child of [...this.querySelectorAll<HTMLElement>(":scope > [data-fallback]")]) child.hidden = true;
    this.classList.remove("loading");
    this.classList.add("ready");
    this.addShapes(chart, ink);
    this.listen(chart);
    this.addNote();
    this.startPin(chart);
    this.dispatchEvent(new CustomEvent("yw-ready", { bubbles: true }));
  }

  private addNote(): void {
    const words = this.getAttribute("note");
    if (!words) return;
    const note = document.createElement("div");
    note.className = "yw-map-note";
    note.textContent = words;
    this.append(note);
  }

  private addShapes(chart: Chart, ink: Ink): void {
    for (const state of STATES) {
      if (chart.hasImage(state)) chart.removeImage(state);
      chart.addImage(state, shape(state, ink.states[state], ink.halo), { pixelRatio: 1 });
    }
  }

  private repaint(): void {
    const chart = this.chart;
    if (!chart) return;
    const ink = readInk(this);
    chart.setStyle(styleOf(ink, this.divisions, this.points, this.hasAttribute("cluster")), { diff: false });
    chart.once("style.load", () => this.addShapes(chart, ink));
  }

  private listen(chart: Chart): void {
    chart.on("click", "point", (event) => {
      const found = event.features?.[0]?.properties;
      if (found) this.select(String(found["id"] ?? ""), String(found["url"] ?? ""));
    });
    chart.on("click", "cluster", (event) => chart.easeTo({ center: event.lngLat, zoom: chart.getZoom() + 2 }));
    for (const layer of ["point", "cluster"]) {
      chart.on("mouseenter", layer, () => (chart.getCanvas().style.cursor = "pointer"));
      chart.on("mouseleave", layer, () => (chart.getCanvas().style.cursor = ""));
    }
  }

  private select(id: string, url: string): void {
    const chosen = new CustomEvent("yw-select", { bubbles: true, cancelable: true, detail: { id, url } });
    if (this.dispatchEvent(chosen) && url) window.location.assign(url);
  }

  private startPin(chart: Chart): void {
    const movable = this.hasAttribute("pick");
    this.pin = new Pin(chart, this.words.pin ?? "", movable, (at) => pick(this, at.lng, at.lat, 0));
    const at = known(this);
    if (at) this.pin.put(...at);
    if (!movable) return;
    chart.on("click", (event) => pick(this, event.lngLat.lng, event.lngLat.lat, 0));
    chart.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const middle = chart.getCenter();
      pick(this, middle.lng, middle.lat, 0);
    });
    this.addLocate();
  }

  private addLocate(): void {
    if (!("geolocation" in navigator)) return;
    const tools = document.createElement("div");
    tools.className = "yw-map-tools";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.words.locate ?? "";
    button.addEventListener("click", () => locate(this));
    tools.append(button);
    this.append(tools);
  }

  /** The pin goes where the form says; to where the device is, the view goes too. */
  private readonly follow = (event: Event): void => {
    const { lon, lat, accuracy } = (event as CustomEvent<Picked>).detail;
    this.pin?.put(lon, lat);
    if (accuracy) this.chart?.easeTo({ center: [lon, lat], zoom: 17 });
  };

  private view(): { bounds: LngLatBoundsLike; fitBoundsOptions: object } | { center: [number, number]; zoom: number } {
    const zoom = Number.parseFloat(this.getAttribute("zoom") ?? "") || 16;
    const at = known(this);
    if (at) return { center: at, zoom };
    const center = this.getAttribute("center")?.split(",").map(Number.parseFloat);
    if (center?.length === 2) return { center: center as [number, number], zoom };
    const bounds: Box | null = boundsOf(highlighted(this.divisions)) ?? boundsOf(this.divisions) ?? boundsOf(this.points);
    return bounds ? { bounds, fitBoundsOptions: { padding: 32, maxZoom: 17 } } : { center: [115.47, 35.23], zoom: 13 };
  }

  private locale(): Record<string, string> {
    const words = this.words;
    const pairs: [string, string | undefined][] = [
      ["Map.Title", this.getAttribute("label") ?? words.title],
      ["NavigationControl.ZoomIn", words.zoomIn],
      ["NavigationControl.ZoomOut", words.zoomOut],
      ["CooperativeGesturesHandler.MobileHelpText", words.twoFingers],
      ["CooperativeGesturesHandler.WindowsHelpText", words.ctrlScroll],
      ["CooperativeGesturesHandler.MacHelpText", words.ctrlScroll],
    ];
    return Object.fromEntries(pairs.filter((pair): pair is [string, string] => Boolean(pair[1])));
  }
}
