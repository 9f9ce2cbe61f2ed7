// The Worker: takes rows, and consumes the queue that holds them.
import type { CustomersApi } from "synctera-customers";
import { clientWithinLimit } from "./client.ts";
import { createCustomer } from "./consumer.ts";
import type { Env, Row } from "./env.ts";
import { takeRows } from "./intake.ts";

export { Journal } from "./journal.ts";
export { Limit } from "./limit.ts";

export default {
  fetch: takeRows,

  async queue(batch, env, ctx) {
    const api = clientWithinLimit(env, ctx);
    await Promise.all(batch.messages.map((message) => consume(message, api, env)));
  },
} satisfies ExportedHandler<Env, Row>;

async function consume(message: Message<Row>, api: CustomersApi, env: Env): Promise<void> {
  try {
    const verdict = await createCustomer(api, message.body, env);
    if (verdict === "retry") return message.retry({ delaySeconds: env.RETRY_SECONDS });
    if (verdict === "failed") await env.FAILED.send(message.body);
    message.ack();
  } catch (error) {
    // The journal could not be reached, or another consumer has the row by now.
    console.error(JSON.stringify({ message: message.id, error: error instanceof Error ? error.name : typeof error }));
    message.retry({ delaySeconds: env.RETRY_SECONDS });
  }
}
