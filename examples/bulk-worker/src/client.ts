// A client whose every request counts towards the limit of the whole program.
import { CustomersApi } from "synctera-customers";
import type { Env } from "./env.ts";

/** How long no attempt is sent after a 429 that does not say how long. */
const PAUSE_MS = 1_000;

/** For one batch: a Worker must not use what it got in another invocation. */
export function clientWithinLimit(env: Env, ctx: ExecutionContext): CustomersApi {
  const limit = env.LIMIT.getByName("all");
  const name = crypto.randomUUID();
  const idOf = ({ call, attempt }: { call: number; attempt: number }) => `${name}/${call}/${attempt}`;
  return new CustomersApi({
    accessToken: env.SYNCTERA_API_KEY,
    ...(env.SYNCTERA_BASE_URL ? { baseUrl: env.SYNCTERA_BASE_URL } : { environment: env.SYNCTERA_ENVIRONMENT }),
    timeoutMs: env.TIMEOUT_MS,
    async throttle(request) {
      const id = idOf(request);
      for (let waitMs = await limit.acquire(id); waitMs > 0; waitMs = await limit.acquire(id)) {
        await scheduler.wait(waitMs);
        if (request.signal.aborted) return;
      }
      // The call ended meanwhile, so the attempt is not sent.
      if (request.signal.aborted) await limit.end(id, true, 0);
    },
    onResponse(event) {
      const pauseMs = event.status === 429 ? (event.retryAfterMs ?? PAUSE_MS) : 0;
      ctx.waitUntil(limit.end(idOf(event), event.ended === "answered", pauseMs));
    },
  });
}
