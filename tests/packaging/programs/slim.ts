// The entry for those who load the module themselves, from anything that a host may have.
import { CustomersApi, init, isSyncteraError } from "synctera-customers/slim";
import type { ClientOptions, WasmSource } from "synctera-customers/slim";
import { CustomersApi as Whole } from "synctera-customers";

const source: WasmSource = new Uint8Array(8);

export async function start(options: ClientOptions): Promise<Whole> {
  const loaded: Promise<void> = init(source);
  await Promise.all([loaded, init(new ArrayBuffer(8)), init("https://example.com/synctera_customers.wasm")]);
  await init(Promise.resolve(source)).catch((error: unknown) => isSyncteraError(error));
  return new CustomersApi(options);
}

// @ts-expect-error a number is no source
init(1);
