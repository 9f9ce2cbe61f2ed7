// Where requests go, in every runtime. Plain JavaScript on web standards, with no import; the
// server that it talks to says what arrived.

const ID = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";
const TOKEN = "transport-token";

const CALLS = {
  createCustomer: [{ status: "ACTIVE" }],
  getCustomer: [ID],
  listCustomers: [],
  patchCustomer: [ID, { first_name: "Ada" }],
  updateCustomer: [ID, { status: "ACTIVE" }],
};

const SYNCTERAS = [
  {},
  { environment: "production" },
  { baseUrl: "https://api.synctera.com/v0" },
  { baseUrl: "https://API.Synctera.com.:443/other" },
];
const OTHERS = ["https://api.example.com", "https://synctera.com.example.com", "http://localhost:1/v0", "http://127.0.0.1:1", "http://[::1]:1"];
const UNSAFE = ["http://api.example.com", "http://127.0.0.1.example.com", "http://localhost@example.com", "ftp://localhost", "//example.com", "v0"];

const STEPS = {
  "a base URL is https, or http on loopback": ({ connect, isBrowser }) => {
    for (const baseUrl of OTHERS) connect({ baseUrl }).free();
    for (const baseUrl of UNSAFE) refused(() => connect({ baseUrl }), "baseUrl");
    // Of the page's own origin.
    if (isBrowser) connect({ baseUrl: "/v0" }).free();
    else refused(() => connect({ baseUrl: "/v0" }), "baseUrl");
  },
  "a redirect is not followed, whatever its status": async ({ connect, server }) => {
    for (const status of [301, 302, 303, 307, 308]) {
      for (const [operation, args] of Object.entries(CALLS)) {
        const api = connect({ baseUrl: `${server}/redirect/${status}`, maxRetries: 0 });
        const error = await rejection(api[operation](...args));
        if (error.name !== "ApiError" || error.status < 300 || error.status > 399) throw error;
      }
    }
  },
  "calls reach the server, each of them, as what they are": async ({ connect, server }) => {
    const api = connect({ baseUrl: `${server}/plain` });
    for (const round of [1, 2]) {
      for (const [operation, args] of Object.entries(CALLS)) {
        const data = await api[operation](...args);
        if (!data.id && !data.customers) throw new Error(`${operation} in round ${round}: ${JSON.stringify(data)}`);
      }
    }
  },
  "the key of one of Synctera's servers is refused in a browser, unless that is said to be meant": async ({ connect, isBrowser }) => {
    for (const options of SYNCTERAS) {
      if (isBrowser) {
        refused(() => connect(options), "dangerouslyAllowBrowser");
        refused(() => connect({ ...options, dangerouslyAllowBrowser: false }), "dangerouslyAllowBrowser");
      } else connect(options).free();
      // Nothing is sent to them: `fetch` is not the runtime's.
      let sent;
      const fetch = async (url, init) => {
        sent = { url, init };
        return new Response(JSON.stringify({ id: ID, status: "ACTIVE" }));
      };
      await connect({ ...options, fetch, dangerouslyAllowBrowser: true }).getCustomer(ID);
      if (sent.init.headers.authorization !== `Bearer ${TOKEN}`) throw new Error(`sent ${JSON.stringify(sent)}`);
      const given = [sent.init.cache, sent.init.credentials, sent.init.referrerPolicy, sent.init.redirect];
      // No framework keeps a response either, where the runtime takes the option.
      const cache = isBrowser || takesCache() ? "no-store" : undefined;
      const wanted = isBrowser ? [cache, "omit", "no-referrer", "manual"] : [cache, undefined, undefined, "manual"];
      if (given.join() !== wanted.join()) throw new Error(`fetch was given ${given}`);
    }
  },
};

export const transportNames = Object.keys(STEPS);

/**
 * @param {object} environment
 * @param {any} environment.CustomersApi
 * @param {string} environment.server
 * @param {boolean} environment.isBrowser
 * @returns {Promise<{ name: string, ok: boolean, detail: string }[]>}
 */
export async function travel({ CustomersApi, server, isBrowser }) {
  const connect = (options) => new CustomersApi({ accessToken: TOKEN, timeoutMs: 10_000, ...options });
  const results = [];
  for (const [name, step] of Object.entries(STEPS)) {
    try {
      await step({ connect, server, isBrowser });
      results.push({ name, ok: true, detail: "" });
    } catch (error) {
      results.push({ name, ok: false, detail: String(error?.stack ?? error) });
    }
  }
  return results;
}

function takesCache() {
  try {
    return Boolean(new Request("https://example.com", { cache: "no-store" }));
  } catch {
    return false;
  }
}

function refused(call, option) {
  try {
    call();
  } catch (error) {
    if (error.name === "ValidationError" && error.message.includes(option)) return;
    throw error;
  }
  throw new Error(`not refused: ${option}`);
}

async function rejection(promise) {
  const data = await promise.catch((error) => ({ error }));
  if (!data.error) throw new Error(`resolved to ${JSON.stringify(data)}`);
  return data.error;
}
