// The limit of the whole program. One Durable Object counts the requests of all consumers.
import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env.ts";

/** How long a request may still be on its way after its connection has failed or was closed. */
const STRAY_MS = 1_000;
/** How long to wait at most before asking again. */
const LONGEST_WAIT_MS = 1_000;

/**
 * Admits attempts so that no more than `LIMIT_REQUESTS` arrive at the API within any `LIMIT_WINDOW_MS`,
 * wherever that window begins and however long a request travels.
 *
 * When an attempt arrives is not known, only that it is between its admission and its end. So it counts
 * from its admission until a whole window has passed since its end. An attempt whose end is not reported,
 * since its consumer was killed, counts until its deadline and a window have passed.
 *
 * On disk, since the object may be restarted at any time and must not forget what is on its way.
 */
export class Limit extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql.exec("CREATE TABLE IF NOT EXISTS attempts (id TEXT PRIMARY KEY, until INTEGER NOT NULL)");
    this.#sql.exec("CREATE TABLE IF NOT EXISTS pauses (until INTEGER NOT NULL)");
  }

  /** Admits an attempt and returns 0, or returns the milliseconds after which to ask again. */
  acquire(id: string): number {
    const now = Date.now();
    this.#sql.exec("DELETE FROM attempts WHERE until <= ?", now);
    this.#sql.exec("DELETE FROM pauses WHERE until <= ?", now);
    const { paused } = this.#sql.exec<{ paused: number | null }>("SELECT max(until) AS paused FROM pauses").one();
    if (paused !== null) return askAgainAfter(paused - now);
    const { count, next } = this.#sql
      .exec<{ count: number; next: number | null }>("SELECT count(*) AS count, min(until) AS next FROM attempts")
      .one();
    if (count >= this.env.LIMIT_REQUESTS) return askAgainAfter((next ?? now) - now);
    this.#count(id, now + this.env.TIMEOUT_MS);
    return 0;
  }

  /**
   * Records that an attempt has ended, so that it stops counting a window later.
   *
   * @param isAnswered whether there was a response; otherwise the request may still arrive
   * @param pauseMs how long no attempt may be sent, after a 429
   */
  end(id: string, isAnswered: boolean, pauseMs: number): void {
    const now = Date.now();
    this.#count(id, isAnswered ? now : now + STRAY_MS);
    if (pauseMs > 0) this.#sql.exec("INSERT INTO pauses VALUES (?)", now + pauseMs);
  }

  /** @param endMs when it has arrived or never will */
  #count(id: string, endMs: number): void {
    this.#sql.exec("INSERT OR REPLACE INTO attempts VALUES (?, ?)", id, endMs + this.env.LIMIT_WINDOW_MS);
  }
}

/** How long to wait: not all callers the same time, and not long, since an attempt may end before its deadline. */
function askAgainAfter(ms: number): number {
  return Math.min(ms, LONGEST_WAIT_MS) + Math.ceil(50 * Math.random());
}
