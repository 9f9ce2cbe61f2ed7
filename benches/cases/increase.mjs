// increase, another bank's client, on its entities; with its own deadline and repeats.
import Increase from "increase";

/** Not the same API: other paths and bodies. */
export const foreign = true;

export function open({ fetch, baseUrl, token }) {
  const increase = new Increase({ apiKey: token, baseURL: baseUrl, fetch });
  return {
    create: (draft) => increase.entities.create(draft),
    get: (id) => increase.entities.retrieve(id),
    list: (limit) => increase.entities.list({ limit }),
    patch: (id, changes) => increase.entities.update(id, changes),
    update: (id, draft) => increase.entities.update(id, draft),
  };
}

export const customerResponse = (customer) => ({ type: "entity", ...customer });

export const pageResponse = (data) => ({ data, next_cursor: null });
