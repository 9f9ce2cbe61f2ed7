// Many rows through a client that answers at once, first all created and then all skipped: what is held must not
// grow with them. Run with `--expose-gc`; prints the bytes in use as JSON.
//
// Environment: CONSUMER, ROWS.
import { pathToFileURL } from "node:url";

const { CONSUMER, ROWS } = process.env;
const { createCustomers } = await import(pathToFileURL(`${CONSUMER}/node_modules/synctera-customers/entries/bulk.js`).href);

const total = Number(ROWS);
const measured = [];

async function measure() {
  // Twice: another thread frees the buffers that a collection finds unused, and the next collection waits for it.
  for (let collection = 0; collection < 2; collection += 1) {
    // A turn of the event loop, so that nothing is held by this one.
    await new Promise((resolve) => setTimeout(resolve));
    globalThis.gc();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  measured.push({ heapUsed, arrayBuffers });
}

async function* rows() {
  for (let number = 0; number < total; number += 1) {
    // After the first twentieth everything that is made once is there.
    if (number === total / 20 || number === total - 1) await measure();
    yield { number, last_name: `Row ${number}`.padEnd(100, ".") };
  }
}

const customer = { id: "c-1", status: "PROSPECT" };
const api = { createCustomer: async () => customer };
const keys = new Uint8Array(16 * total);
let length = 0;
const options = { job: "memory", key: ({ number }) => String(number), customer: ({ last_name }) => ({ status: "PROSPECT", last_name }) };
const start = performance.now();
const first = await createCustomers(api, rows(), {
  ...options,
  checkpoint: {
    *load() {},
    // Kept outside of the heap: what the test itself needs should not hide what the run does.
    append({ key, state }) {
      if (state === "done") keys.set(Buffer.from(key.replaceAll("-", ""), "hex"), 16 * length++);
    },
  },
});
const seconds = (performance.now() - start) / 1000;
const second = await createCustomers(api, rows(), {
  ...options,
  checkpoint: {
    *load() {
      for (let at = 0; at < length; at += 1) {
        const hex = Buffer.from(keys.subarray(16 * at, 16 * at + 16)).toString("hex");
        const key = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
        yield { key, state: "done", at: "2026-01-01T00:00:00Z" };
      }
    },
    append() {},
  },
});
console.log(JSON.stringify({ first, second, measured, seconds }));
