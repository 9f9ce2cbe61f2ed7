// What the compiler accepts of the checks, and what it refuses of the rest. An `@ts-expect-error` above a line that compiles is itself an error.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { CustomersApi, isSyncteraError, validateCustomer, validatePatch, type CustomerWrite, type PatchCustomer } from "synctera-customers";

// What takes a Standard Schema takes these.
export const schemas: [StandardSchemaV1<CustomerWrite>, StandardSchemaV1<PatchCustomer>] = [validateCustomer, validatePatch];

export async function refused(api: CustomersApi, error: unknown): Promise<void> {
  // @ts-expect-error the API cannot clear a field
  const cleared: PatchCustomer = { email: null };
  // @ts-expect-error a field that does not exist
  await api.createCustomer({ status: "ACTIVE", lastname: "Quay" });
  // @ts-expect-error a field that only the server sets
  await api.createCustomer({ status: "ACTIVE", kyc_status: "ACCEPTED" });
  // @ts-expect-error a status that does not exist
  await api.createCustomer({ status: "ACTVE" });
  // @ts-expect-error no options are `null`
  await api.getCustomer("1", null);
  if (isSyncteraError(error) && error.name === "TimeoutError") {
    // @ts-expect-error a deadline that passed has no status
    void error.status;
    void error.timeoutMs;
  }
  void cleared;
}
