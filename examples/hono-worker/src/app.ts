/** What the Worker gets from its environment, and what `session` finds out of a request. */
export interface App {
  Bindings: {
    SYNCTERA_API_KEY?: string;
    SYNCTERA_BASE_URL?: string; // not set: Synctera's sandbox
    SESSION_SECRET?: string;
  };
  Variables: { customerId: string };
}
