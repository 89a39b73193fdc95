/* One sprite of the icons that our pages name: in templates `{% icon "alarm" %}` or `icon="alarm"`, in Python and
   TypeScript `icon="alarm"`. icons.txt lists them, so that a build knows when it is out of date: `npm run icons` writes
   it anew, a test compares. An icon nobody drew stops the build and says where it was asked for. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const drawn = join(here, "node_modules/@tabler/icons/icons/outline");
const own = join(here, "shapes");
const list = join(here, "icons.txt");
const asked = /(?:\{%\s*icon\s+|icon(?::\s*str)?\s*[:=]\s*)["']([a-z][a-z0-9-]*)["']/g;

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (["node_modules", "dist", "tests", "__pycache__"].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (/\.(html|py|ts)$/.test(entry.name)) yield path;
  }
}

function wanted() {
  const found = new Map(readdirSync(own).map((name) => [name.replace(".svg", ""), "shapes"]));
  for (const path of [...files(join(here, "../yiwang")), ...files(here)]) {
    for (const match of readFileSync(path, "utf8").matchAll(asked)) found.set(match[1], path);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function symbol(name, askedIn) {
  const path = [join(own, `${name}.svg`), join(drawn, `${name}.svg`)].find(existsSync);
  if (!path) throw new Error(`no icon is called "${name}", asked for in ${askedIn}`);
  const body = readFileSync(path, "utf8")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
}

export function sprite() {
  const symbols = wanted().map(([name, askedIn]) => symbol(name, askedIn));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const names = wanted().map(([name]) => name);
  sprite();
  writeFileSync(list, `${names.join("\n")}\n`);
  console.log(`${names.length} icons`);
}
