/* The large button under the thumb does what the small one on the map does, drawn or not. Where the device has put the
   pin, the map shows a little more around it than usual: our map has no streets, people find their way by the names of
   the grids. */
import type { Map as Chart } from "maplibre-gl";
import { locate } from "../map/whereabouts";

const NEIGHBOURHOOD = 15.4; // zoom at which a phone shows a kilometre

interface TownMap extends HTMLElement {
  chart?: Chart | null; // not there before the map's script is
}

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-locate]");
  if (!button) return;
  const map = button.closest("section")?.querySelector<HTMLElement>("yw-map");
  if (!map) return;
  locate(map);
  map.scrollIntoView({ block: "center" });
});

document.addEventListener("yw-pick", (event) => {
  for (const button of document.querySelectorAll("[data-locate]")) button.classList.add("is-done");
  const { lon, lat, accuracy } = (event as CustomEvent<{ lon: number; lat: number; accuracy: number }>).detail;
  if (!accuracy) return;
  const { chart } = event.target as TownMap;
  window.setTimeout(() => chart?.easeTo({ center: [lon, lat], zoom: NEIGHBOURHOOD }), 0);
});
