// Creates the customer of a row, once, however often its message is delivered.
import { isSyncteraError, type CustomersApi } from "synctera-customers";
import { createCustomers, type BulkResult } from "synctera-customers/bulk";
import type { Env, Row } from "./env.ts";

/** What becomes of a message: done with it, deliver it again, or put the row aside. */
export type Verdict = "ack" | "retry" | "failed";

/** A run of one row sends it at most twice, each time within a call's deadline; and a while for the journal. */
const claimMs = (env: Env) => 2 * env.TIMEOUT_MS + 5_000;

export async function createCustomer(api: CustomersApi, row: Row, env: Env): Promise<Verdict> {
  const id = await hashOf(row);
  // 256 journals, since one Durable Object serves about a thousand requests a second.
  const journal = env.JOURNAL.getByName(id.slice(0, 2));
  const claim = await journal.claim(id, claimMs(env));
  if (claim === null) return "retry";
  let verdict: Verdict = "retry";
  try {
    await createCustomers(api, [row], {
      job: row.job,
      key: ({ key }) => key,
      customer: ({ customer }) => customer,
      checkpoint: { load: () => claim.entries, append: (entry) => journal.append(id, claim.number, entry) },
      async onResult(result) {
        verdict = verdictOf(result);
        // Before the journal has it as done, so that no customer is missing in this queue.
        if (result.outcome === "created") await env.CREATED.send({ job: row.job, key: row.key, id: result.customer.id });
        // Neither the row's key nor the customer is in a message of these errors.
        if (result.error) console.warn(JSON.stringify({ row: id, verdict, error: result.error.message }));
      },
    });
  } finally {
    await journal.release(id, claim.number);
  }
  return verdict;
}

function verdictOf({ outcome, error }: BulkResult<Row, "created">): Verdict {
  if (outcome === "created" || outcome === "skipped") return "ack";
  if (!isSyncteraError(error)) return "failed";
  // The row itself is wrong. Not so with a 401 or 403, which the key is to blame for.
  if (error.name === "ValidationError") return "failed";
  if (error.name === "ApiError" && outcome === "failed") return [401, 403, 429].includes(error.status) ? "retry" : "failed";
  return "retry";
}

/** Stands for a row where its own key should not be. */
async function hashOf({ job, key }: Row): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify([job, key])));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
