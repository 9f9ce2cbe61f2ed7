import { defineEnvVars } from "@sveltejs/kit/env";

/** Checked where it is used: `vite build` has neither a key nor a secret. */
const optional = { schema: (value: string | undefined) => value };

/** All are private: only modules of the server can import them. */
export const variables = defineEnvVars({
  SYNCTERA_API_KEY: optional,
  SYNCTERA_BASE_URL: optional, // not set: Synctera's sandbox
  SESSION_SECRET: optional,
});
