/* The style: ground, divisions (outline by level, names), points (shape and colour by state). No tiles, no fonts. */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Ink } from "./ink";

export const NOTHING = { type: "FeatureCollection" as const, features: [] };

/** Below this zoom a division shows its `tag`, a figure, where it has one; a whole town's names would cover one another. */
const NAMES_FROM = 14;
const LEVEL_WIDTH = ["match", ["get", "level"], "subdistrict", 3, "county", 3, "community", 2, 1];

function divisions(ink: Ink): LayerSpecification[] {
  return [
    { id: "division-fill", type: "fill", source: "divisions", paint: { "fill-color": ink.accent, "fill-opacity": ["case", ["to-boolean", ["get", "highlight"]], 0.18, ["has", "weight"], ["+", 0.04, ["*", 0.4, ["get", "weight"]]], 0.04] } },
    {
      id: "division-line",
      type: "line",
      source: "divisions",
      layout: { "line-join": "round" },
      paint: {
        "line-color": ["case", ["to-boolean", ["get", "problem"]], ink.states.late, ["to-boolean", ["get", "highlight"]], ink.accent, ["match", ["get", "level"], ["subdistrict", "county", "community"], ink.strong, ink.line]],
        "line-width": ["case", ["to-boolean", ["get", "problem"]], 3, ["to-boolean", ["get", "highlight"]], 2.5, LEVEL_WIDTH] as never,
        "line-opacity": 0.85,
      },
    },
    {
      id: "division-name",
      type: "symbol",
      source: "divisions",
      layout: { "text-field": ["step", ["zoom"], ["coalesce", ["get", "tag"], ["get", "name"]], NAMES_FROM, ["get", "name"]], "text-font": ["sans-serif"], "text-size": ["match", ["get", "level"], "community", 14, 12], "text-max-width": 8, "symbol-sort-key": ["match", ["get", "level"], "community", 0, 1] },
      paint: { "text-color": ink.strong, "text-halo-color": ink.halo, "text-halo-width": 1.5 },
    },
  ];
}

function points(ink: Ink): LayerSpecification[] {
  return [
    { id: "cluster", type: "circle", source: "points", filter: ["has", "point_count"], paint: { "circle-color": ink.accent, "circle-opacity": 0.85, "circle-radius": ["step", ["get", "point_count"], 14, 20, 18, 100, 24], "circle-stroke-color": ink.halo, "circle-stroke-width": 2 } },
    { id: "cluster-count", type: "symbol", source: "points", filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": ["sans-serif"], "text-size": 12, "text-allow-overlap": true }, paint: { "text-color": ink.halo } },
    { id: "point", type: "symbol", source: "points", filter: ["!", ["has", "point_count"]], layout: { "icon-image": ["coalesce", ["get", "state"], "open"], "icon-size": ["interpolate", ["linear"], ["zoom"], 12, ["case", ["to-boolean", ["get", "current"]], 0.6, 0.3], 15, ["case", ["to-boolean", ["get", "current"]], 0.75, 0.5]], "icon-allow-overlap": true, "icon-ignore-placement": true } },
  ];
}

export function styleOf(ink: Ink, divisionData: GeoJSON.GeoJSON | string, pointData: GeoJSON.GeoJSON | string, cluster: boolean): StyleSpecification {
  return {
    version: 8,
    sources: {
      divisions: { type: "geojson", data: divisionData },
      points: { type: "geojson", data: pointData, cluster, clusterRadius: 36, clusterMaxZoom: 15 },
    },
    layers: [{ id: "ground", type: "background", paint: { "background-color": ink.ground } }, ...divisions(ink), ...points(ink)],
  };
}
