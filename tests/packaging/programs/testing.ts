// The sandbox in process: everything that it declares.
import { CustomersApi, type CustomerWrite } from "synctera-customers";
import { FAULTS, createSandbox, fakeCustomer } from "synctera-customers/testing";
import type { Duration, Fault, FaultName, Sandbox, SandboxOptions, SandboxRequest, SandboxWebhook } from "synctera-customers/testing";

const faults: Fault[] = ["response lost", { status: 503, retryAfter: 1 }, { drop: "after" }, { stall: "body:20" }, { deliver: "twice", holdMs: 5 }];
const options: SandboxOptions = { seed: 1, customers: 250, randomFaults: [{ percent: 5, fault: "bad gateway" }], startTime: 0, autoAdvance: false };
const sandbox: Sandbox = createSandbox(options);
const { clock, fetch, token } = sandbox;
const api = new CustomersApi({ accessToken: token, fetch, clock });
for (const fault of faults) sandbox.fail({ on: "createCustomer", times: 1, fault });
const duration: Duration = "8 days";
clock.advance(duration);
clock.advance(5);
const body: CustomerWrite = fakeCustomer(1);
export async function use(): Promise<string[]> {
  await api.createCustomer(body);
  const request: SandboxRequest | undefined = sandbox.requests[0];
  const webhook: SandboxWebhook | undefined = sandbox.webhooks[0];
  const snapshot: string = sandbox.snapshot();
  sandbox.restore(snapshot);
  sandbox.reset();
  const name: FaultName = "key in use";
  return [String(request?.operation), String(webhook?.headers["request-timestamp"]), String(sandbox.customers[0]?.first_name), FAULTS[name]];
}
// @ts-expect-error no such fault
sandbox.fail({ fault: "response list" });
// @ts-expect-error no such operation
sandbox.fail({ on: "deleteCustomer", fault: "response lost" });
// @ts-expect-error no such unit
clock.advance("8 moons");
