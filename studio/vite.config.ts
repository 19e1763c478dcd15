import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import react from "@vitejs/plugin-react";

/** The daemon that `npm run dev` asks. */
const daemon = process.env["SANDGATE"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/studio/",
  plugins: [react()],
  // rjsf's own tests, which it exports, want another validator.
  resolve: { alias: { "@rjsf/validator-ajv8": fileURLToPath(new URL("src/forms/validator.ts", import.meta.url)) } },
  // The daemon puts a nonce of its own into every answer.
  html: { cspNonce: "__NONCE__" },
  build: {
    target: "es2022",
    // A browser that may load no inline script may load no `data:` one either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: {
      "/api": daemon,
      "/run": daemon,
      "/client.js": daemon,
      "/ws": { target: daemon, ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts"] },
});
