// What Node hands over: the environment, its own fetch and signals, and files: the module, rows, a journal.
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { CustomersApi, type FetchLike } from "synctera-customers";
import { createCustomers, fileCheckpoint } from "synctera-customers/bulk";
import { init } from "synctera-customers/slim";

const native: FetchLike = fetch;
const api = new CustomersApi({ accessToken: process.env["SYNCTERA_API_KEY"] ?? "", fetch });

export async function read(id: string): Promise<string> {
  await init(readFile(new URL("synctera_customers.wasm", import.meta.url)));
  const { status } = await api.getCustomer(id, { signal: AbortSignal.timeout(native.length) });
  return status;
}

export async function importFile(path: string): Promise<number> {
  const { created } = await createCustomers(api, createInterface({ input: createReadStream(path) }), {
    job: path,
    key: (line) => line.split(",")[0] ?? "",
    customer: (line) => ({ status: "PROSPECT", last_name: line.split(",")[1] }),
    checkpoint: fileCheckpoint(new URL("import.journal", import.meta.url)),
    signal: AbortSignal.timeout(60_000),
  });
  return created;
}
