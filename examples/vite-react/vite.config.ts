import { getRequestListener } from "@hono/node-server";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { createApp } from "./server/app.ts";

/** In development, Vite's server answers below `/v0` as `server/main.ts` does in production. */
const backend: Plugin = {
  name: "backend",
  configureServer({ middlewares }) {
    const answer = getRequestListener(createApp().fetch);
    middlewares.use((request, response, next) => {
      if (request.url?.startsWith("/v0/")) void answer(request, response);
      else next();
    });
  },
};

export default defineConfig({ plugins: [react(), backend] });
