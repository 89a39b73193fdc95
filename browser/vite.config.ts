import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { sprite } from "./icons.mjs";

/** Files that no script imports, under a hashed name and in the manifest: the sprite of icons, and our mark. */
function pictures(): Plugin {
  return {
    name: "yiwang-pictures",
    generateBundle() {
      const mark = readFileSync(new URL("./mark.svg", import.meta.url), "utf8");
      for (const [name, source] of [["icons.svg", sprite()], ["mark.svg", mark]] as const) {
        this.emitFile({ type: "asset", name, originalFileName: name, source });
      }
    },
  };
}

export default defineConfig({
  base: "/static/",
  plugins: [pictures()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // htmx can evaluate text as code; we switch that off (base/fragments.ts) and the policy forbids it.
      checks: { eval: false, pluginTimings: false },
      input: {
        base: "base/index.ts",
        map: "map/index.ts",
        report: "report/index.ts",
        desk: "desk/index.ts",
        office: "office/index.ts",
        field: "field/index.ts",
        cockpit: "cockpit/index.ts",
      },
    },
  },
  worker: { format: "es" },
});
