import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** Put the sprite that icons.mjs drew into the manifest as `icons.svg`, with a hashed name. */
function sprite(): Plugin {
  return {
    name: "yiwang-sprite",
    generateBundle() {
      const source = readFileSync(new URL("./build/icons.svg", import.meta.url), "utf8");
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "icons.svg", source });
      const mark = readFileSync(new URL("./mark.svg", import.meta.url), "utf8");
      this.emitFile({ type: "asset", name: "mark.svg", originalFileName: "mark.svg", source: mark });
    },
  };
}

export default defineConfig({
  base: "/static/",
  plugins: [sprite()],
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
      },
    },
  },
  worker: { format: "es" },
});
