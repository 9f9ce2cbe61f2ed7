// In production: the backend and the built page have one origin.
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { createApp } from "./app.ts";

const app = createApp();
app.use(serveStatic({ root: "dist" }));
const hostname = process.env["HOST"] ?? "127.0.0.1";
const port = Number(process.env["PORT"] ?? 3000);
serve({ fetch: app.fetch, hostname, port }, () => console.log(`Listening on http://${hostname}:${port}/`));
