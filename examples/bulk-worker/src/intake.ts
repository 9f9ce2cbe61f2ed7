// Takes rows over HTTP: `POST /jobs/{job}` with a line of JSON for each row, `{ "key": …, "customer": { … } }`.
// A Worker of your own sends to the queue itself.
import type { Env, Row } from "./env.ts";

/** What a queue takes at a time: 100 messages and 256 kB. The rest of that is for what it adds. */
const BATCH_ROWS = 100;
const BATCH_BYTES = 200_000;

export async function takeRows(request: Request, env: Env): Promise<Response> {
  const [, job] = /^\/jobs\/([\w.-]+)$/.exec(new URL(request.url).pathname) ?? [];
  if (job === undefined) return new Response("Not found\n", { status: 404 });
  if (request.method !== "POST") return new Response("POST only\n", { status: 405, headers: { allow: "POST" } });
  if (!(await isAuthorised(request, env))) return new Response("Unauthorized\n", { status: 401 });
  const lines = (await request.text()).split("\n");
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const row = rowOf(job, line);
    if (row === undefined) return new Response(`Line ${index + 1} is not a row. Nothing was taken.\n`, { status: 400 });
    rows.push(row);
  }
  for (const batch of batchesOf(rows)) await env.ROWS.sendBatch(batch.map((body) => ({ body })));
  return Response.json({ taken: rows.length }, { status: 202 });
}

function rowOf(job: string, line: string): Row | undefined {
  try {
    const { key, customer } = JSON.parse(line) as Row;
    const isRow = typeof key === "string" && key !== "" && typeof customer === "object" && customer !== null;
    return isRow ? { job, key, customer } : undefined;
  } catch {
    return undefined;
  }
}

function* batchesOf(rows: Row[]): Iterable<Row[]> {
  let batch: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = new TextEncoder().encode(JSON.stringify(row)).length;
    if (batch.length === BATCH_ROWS || (bytes > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(row);
    bytes += size;
  }
  if (bytes > 0) yield batch;
}

/** Compares hashes, which have one length, in a time that does not depend on where they differ. */
async function isAuthorised(request: Request, { INTAKE_TOKEN }: Env): Promise<boolean> {
  if (!INTAKE_TOKEN) return false;
  const hash = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [given, expected] = await Promise.all([hash(request.headers.get("authorization") ?? ""), hash(`Bearer ${INTAKE_TOKEN}`)]);
  return crypto.subtle.timingSafeEqual(given, expected);
}
