// What the Worker is given when it is deployed. Everything may be missing: what is not set up
// refuses, it does not let in.

export interface Env {
  /** Synctera's API key. A secret: `wrangler secret put SYNCTERA_API_KEY`. */
  SYNCTERA_API_KEY?: string;
  /** Signs your users' sessions, 32 characters or more. A secret. */
  SESSION_SECRET?: string;
  /** The `aud` that a session must carry, so that a token made for something else does not fit. */
  SESSION_AUDIENCE?: string;
  /** The origins whose pages may call, separated by spaces: `https://app.example.com`. */
  ALLOWED_ORIGINS?: string;
  /** `sandbox` or `production`. */
  SYNCTERA_ENVIRONMENT?: string;
  /** Instead of it: another address, such as the local sandbox's. */
  SYNCTERA_BASE_URL?: string;
  /** Counts the requests of each user, if it is bound. */
  RATE_LIMITER?: RateLimit;
}
