/* Where GeoJSON comes from, and how far it reaches. */
import { NOTHING } from "./style";

/** From an address, from "#id" of a JSON element of the page, or nothing. */
export async function load(from: string | null): Promise<GeoJSON.GeoJSON> {
  if (!from) return NOTHING;
  if (from.startsWith("#")) {
    const text = document.getElementById(from.slice(1))?.textContent;
    return text ? (JSON.parse(text) as GeoJSON.GeoJSON) : NOTHING;
  }
  const answer = await fetch(from, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as GeoJSON.GeoJSON;
}

function* positions(value: unknown): Generator<[number, number]> {
  if (!Array.isArray(value)) return;
  if (typeof value[0] === "number" && typeof value[1] === "number") yield [value[0], value[1]];
  else for (const part of value) yield* positions(part);
}

function* geometries(data: GeoJSON.GeoJSON): Generator<GeoJSON.Geometry> {
  if (data.type === "FeatureCollection") for (const feature of data.features) yield* geometries(feature);
  else if (data.type === "Feature") {
    if (data.geometry) yield data.geometry;
  } else yield data;
}

/** [west, south, east, north], or null when there is nothing. */
export function boundsOf(data: GeoJSON.GeoJSON): [number, number, number, number] | null {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries(data)) {
    if (geometry.type === "GeometryCollection") continue;
    for (const [lon, lat] of positions(geometry.coordinates)) {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
  }
  return Number.isFinite(box[0]) ? box : null;
}

/** Only the divisions a page points at: the map begins there. */
export function highlighted(data: GeoJSON.GeoJSON): GeoJSON.GeoJSON {
  if (data.type !== "FeatureCollection") return NOTHING;
  return { type: "FeatureCollection", features: data.features.filter((feature) => feature.properties?.["highlight"]) };
}
