// The only place that writes a log. No path, query, body, key, user or address.

const METHODS = ["GET", "POST", "PATCH", "PUT", "OPTIONS", "HEAD", "DELETE"];

export interface Entry {
  readonly method: string;
  /** The template of the path. */
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly request_id: string | null;
  /** Set where Synctera's response held the API key, and a 502 took its place: worth an alert. */
  readonly key_in_response?: true;
}

export function log({ method, ...entry }: Entry): void {
  // A method is text that the sender chooses.
  console.log(JSON.stringify({ method: METHODS.includes(method) ? method : "(other)", ...entry }));
}
