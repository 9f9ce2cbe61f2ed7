// openai, on its vector stores, the resource of its that is made, read, listed and changed as
// customers are; with its own deadline and repeats.
import OpenAI from "openai";

/** Not the same API: other paths and bodies. */
export const foreign = true;

export function open({ fetch, baseUrl, token }) {
  const openai = new OpenAI({ apiKey: token, baseURL: baseUrl, fetch });
  return {
    create: (draft) => openai.vectorStores.create(draft),
    get: (id) => openai.vectorStores.retrieve(id),
    list: (limit) => openai.vectorStores.list({ limit }),
    patch: (id, changes) => openai.vectorStores.update(id, changes),
    update: (id, draft) => openai.vectorStores.update(id, draft),
  };
}

export const customerResponse = (customer) => ({ object: "vector_store", ...customer });

export const pageResponse = (data) => ({ object: "list", data, has_more: false });
