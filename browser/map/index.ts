/* <yw-map>: our own layers, drawn offline. What it shows and who may see it is decided by the server. */
import "maplibre-gl/dist/maplibre-gl.css";
import "./map.css";
import { TownMap } from "./element";

if (!customElements.get("yw-map")) customElements.define("yw-map", TownMap);
