// The host's own fetch and signals fit: a browser's (lib "dom") as well as Node's (@types/node).
import { CustomersApi, TimeoutError } from "synctera-customers";
import type { AbortSignalLike, ClientOptions, FetchLike, ResponseLike } from "synctera-customers";

export const given: FetchLike = fetch;
export const bound: FetchLike = globalThis.fetch.bind(globalThis);
export const wrapped: FetchLike = (url, init) => fetch(url, init);
export const response: ResponseLike = new Response("{}", { status: 200 });

/** A Workers service binding: an object with its own fetch. */
declare const binding: { fetch(input: string | Request, init?: RequestInit): Promise<Response> };
export const service: FetchLike = (url, init) => binding.fetch(url, init);
export const options: ClientOptions = { accessToken: "key", fetch: binding.fetch.bind(binding) };

export const signals: AbortSignalLike[] = [new AbortController().signal, AbortSignal.abort(), AbortSignal.timeout(5)];

const api = new CustomersApi({ accessToken: "key", fetch });

export async function withSignal(signal: AbortSignal): Promise<void> {
  try {
    await api.getCustomer("1", { signal });
  } catch (error) {
    if (error instanceof TimeoutError) throw signal.reason;
    throw error;
  }
}
