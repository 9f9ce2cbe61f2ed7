// The entry for many customers, used as an import job would.
import { CustomersApi, type CustomerInBody, type CustomerWrite, isSyncteraError } from "synctera-customers";
import { BulkError, createCustomers, fileCheckpoint, getCustomers, patchCustomers } from "synctera-customers/bulk";
import type { BulkCounts, BulkProgress, BulkResult, BulkSource, Checkpoint, CheckpointEntry, CreateOptions } from "synctera-customers/bulk";

interface Line {
  readonly number: number;
  readonly name: string;
}
declare const lines: AsyncIterable<Line>;
declare const anySource: BulkSource<Line>;
declare const api: CustomersApi;

const options: CreateOptions<Line> & { customer: (line: Line) => CustomerWrite } = {
  job: "import",
  key: ({ number }) => String(number),
  customer: ({ name }) => ({ status: "PROSPECT", last_name: name }),
  checkpoint: fileCheckpoint("import.journal"),
  concurrency: 20,
  total: 1000,
  onResult(result) {
    const index: number = result.index + result.row.number;
    if (result.outcome === "created") return result.customer.id satisfies string;
    if (result.outcome === "skipped") return index;
    if (result.error instanceof BulkError) return result.error.reason satisfies string;
    return isSyncteraError(result.error, "ApiError") ? result.error.status : result.error.outcome;
  },
  async onProgress({ done, failed, ratePerSecond, estimatedEnd }: BulkProgress) {
    return estimatedEnd === undefined ? done + failed : estimatedEnd.getTime() * ratePerSecond;
  },
};

export async function run(): Promise<number> {
  const { total, created, failed, unknown, skipped }: BulkCounts<"created"> = await createCustomers(api, lines, options);
  await createCustomers(api, anySource, options);

  const customers: CustomerWrite[] = [{ status: "ACTIVE" }];
  await createCustomers(api, customers, { job: "few", key: ({ last_name }) => last_name ?? "" });

  const { patched } = await patchCustomers(api, [{ id: "c-1", patch: { email: "ada@example.com" } }], {
    job: "mail",
    key: ({ id }) => id,
    onResult: ({ customer }) => customer?.id,
  });
  await patchCustomers(api, lines, { job: "names", key: ({ name }) => name, patch: async ({ name }) => ({ id: name, patch: { last_name: name } }) });

  const read: CustomerInBody[] = [];
  const { found } = await getCustomers(api, new Set(["c-1"]), {
    onResult({ customer }: BulkResult<string, "found">) {
      if (customer) read.push(customer);
    },
  });
  return total + created + failed + unknown + skipped + patched + found + read.length;
}

/** A journal in a database. */
export const journal: Checkpoint = {
  load: () => [{ key: "00000000-0000-8000-8000-000000000000", state: "done", at: "2026-01-01T00:00:00Z" }],
  async append({ key, state, at }: CheckpointEntry) {
    if (state === "rejected") throw new Error(key + at);
  },
};

/** What is needed of a client, for a test double. */
void getCustomers({ getCustomer: async (id) => ({ id, status: "ACTIVE" }) as CustomerInBody }, ["c-1"]);

// @ts-expect-error the key is missing
void createCustomers(api, [{ status: "ACTIVE" } as const], { job: "few" });
// @ts-expect-error a line is no customer
void createCustomers(api, lines, { job: "few", key: ({ name }) => name });
// @ts-expect-error a job has one journal, not a path
void createCustomers(api, lines, { ...options, checkpoint: "import.journal" });
// @ts-expect-error a read has no key
void getCustomers(api, ["c-1"], { key: (id: string) => id });
