// The cases there are, in the order in which tables show them.

/**
 * @typedef {object} Client
 * @property {string} name its file in `cases/`
 * @property {string} title how it is called in tables
 * @property {boolean} [light] whether it is measured in browsers and workerd too
 * @property {boolean} [socketsOnly] whether it is measured over sockets and nowhere else
 * @property {boolean} [form] whether it is another form of this package's calls, measured against the plain one
 * @property {boolean} [full] whether it is a full-featured client: it checks what it sends and gets,
 *   or has its own deadlines and retries
 */

/** The yardstick. */
export const RAW = "raw";
export const RAW_DEADLINE = "raw-deadline";
export const OURS = "synctera";
export const OURS_CHECKED = "synctera-checked";
/** An earlier version, where one is given to compare with. */
export const PREVIOUS = "synctera-previous";

/** @type {Client[]} */
export const CLIENTS = [
  { name: RAW, title: "raw fetch", light: true },
  { name: RAW_DEADLINE, title: "raw fetch with a deadline", light: true, socketsOnly: true },
  { name: OURS, title: "synctera-customers", light: true },
  { name: OURS_CHECKED, title: "synctera-customers, responses checked", light: true },
  { name: PREVIOUS, title: "synctera-customers, the version before", light: true },
  { name: "synctera-info", title: "with HTTP info", light: true, form: true },
  { name: "synctera-hooks", title: "with hooks", light: true, form: true },
  { name: "synctera-logger", title: "with a logger, at `info`", light: true, form: true },
  { name: "synctera-limits", title: "with `maxConcurrent`", light: true, form: true },
  { name: "openapi-fetch", title: "openapi-fetch", light: true },
  { name: "openapi-generator", title: "openapi-generator", light: true },
  { name: "hey-api", title: "hey-api", light: true },
  { name: "hey-api-zod", title: "hey-api + zod", full: true },
  { name: "stripe", title: "stripe", full: true },
  { name: "openai", title: "openai", full: true },
  { name: "increase", title: "increase", full: true },
];

/** @returns {string} */
export function titleOf(name) {
  return CLIENTS.find((client) => client.name === name)?.title ?? name;
}

export const isFull = (name) => CLIENTS.some((client) => client.name === name && client.full);
