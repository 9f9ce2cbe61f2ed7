// What became of each row, so that a row that comes again is not created again.
import { DurableObject } from "cloudflare:workers";
import type { CheckpointEntry } from "synctera-customers/bulk";
import type { Env } from "./env.ts";

/** What a consumer gets that may work on a row. */
export interface Claim {
  /** Rises with each claim of the row. */
  number: number;
  /** What was recorded of the row so far. */
  entries: CheckpointEntry[];
}

/**
 * The journal of `synctera-customers/bulk` for the rows of one shard. It holds hashes of rows' keys,
 * idempotency keys, states and times, and nothing else of a row.
 *
 * At most one consumer works on a row: messages come more than once, also to two consumers at the same time.
 * A consumer that was killed loses its claim after a while; one that was only slow and goes on afterwards can
 * record nothing.
 */
export class Journal extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql.exec("CREATE TABLE IF NOT EXISTS claims (row TEXT PRIMARY KEY, number INTEGER NOT NULL, until INTEGER NOT NULL)");
    this.#sql.exec("CREATE TABLE IF NOT EXISTS entries (row TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL)");
    this.#sql.exec("CREATE INDEX IF NOT EXISTS entries_by_row ON entries (row)");
  }

  /** Claims a row for `ms`; `null` while another consumer has it. */
  claim(row: string, ms: number): Claim | null {
    const now = Date.now();
    const [last] = this.#claims(row);
    if (last && last.until > now) return null;
    const number = (last?.number ?? 0) + 1;
    this.#sql.exec("INSERT OR REPLACE INTO claims VALUES (?, ?, ?)", row, number, now + ms);
    const entries = this.#sql
      .exec<Record<"key" | "state" | "at", string>>("SELECT key, state, at FROM entries WHERE row = ? ORDER BY rowid", row)
      .toArray() as CheckpointEntry[];
    return { number, entries };
  }

  /** Keeps an entry. Throws if the claim is not the row's last one. */
  append(row: string, number: number, { key, state, at }: CheckpointEntry): void {
    const [last] = this.#claims(row);
    if (last?.number !== number) throw new Error("Another consumer has claimed this row.");
    this.#sql.exec("INSERT INTO entries VALUES (?, ?, ?, ?)", row, key, state, at);
  }

  /** Gives a row back. */
  release(row: string, number: number): void {
    this.#sql.exec("UPDATE claims SET until = 0 WHERE row = ? AND number = ?", row, number);
  }

  #claims(row: string) {
    return this.#sql.exec<{ number: number; until: number }>("SELECT number, until FROM claims WHERE row = ?", row).toArray();
  }
}
