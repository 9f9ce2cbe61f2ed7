// What the Worker is given when it is deployed, and the messages of its queues.
import type { CustomerWrite } from "synctera-customers";
import type { Journal } from "./journal.ts";
import type { Limit } from "./limit.ts";

export interface Env {
  /** Synctera's API key. A secret: `wrangler secret put SYNCTERA_API_KEY`. */
  SYNCTERA_API_KEY: string;
  /** Authorises requests that add rows; without it there are none. A secret. */
  INTAKE_TOKEN?: string;
  /** `sandbox` or `production`. */
  SYNCTERA_ENVIRONMENT: "sandbox" | "production";
  /** Instead of it: another address, such as the local sandbox's. */
  SYNCTERA_BASE_URL?: string;
  /** How many requests all consumers together may make within any `LIMIT_WINDOW_MS`. */
  LIMIT_REQUESTS: number;
  LIMIT_WINDOW_MS: number;
  /** The deadline of one call, in milliseconds. */
  TIMEOUT_MS: number;
  /** How long a message waits before it is delivered again. */
  RETRY_SECONDS: number;
  /** The rows to create. */
  ROWS: Queue<Row>;
  /** The ids of customers that were created, for your own system. Each may come more than once. */
  CREATED: Queue<Created>;
  /** Rows that were not created, for someone to look at. */
  FAILED: Queue<Row>;
  LIMIT: DurableObjectNamespace<Limit>;
  JOURNAL: DurableObjectNamespace<Journal>;
}

/** A message of the queue `rows`. Personal data. */
export interface Row {
  /** The name of the job: the same each time that the job's rows are sent. */
  job: string;
  /** The row's own key within the job: the same each time, and of no other row. */
  key: string;
  /** The customer to create. */
  customer: CustomerWrite;
}

/** A message of the queue `rows-created`. */
export interface Created {
  job: string;
  key: string;
  /** The customer's id at Synctera. */
  id: string;
}
