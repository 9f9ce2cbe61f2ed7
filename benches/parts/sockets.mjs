// What remains of a client's cost once there is a network, if only the loopback.
import { startSandbox } from "../../tests/runtimes/sandbox.mjs";
import { OURS, OURS_CHECKED, RAW_DEADLINE } from "../clients.mjs";
import { sharesOf } from "../profile.mjs";

export const name = "sockets";
export const title = "calls over real sockets, against the sandbox";

const AT_A_TIME = 50;
const CUSTOMERS = "100";

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const sandbox = await startSandbox("--seed", CUSTOMERS);
  try {
    const { baseUrl, token } = sandbox;
    const headers = { authorization: `Bearer ${token}` };
    const { customers } = await (await fetch(`${baseUrl}/customers?limit=100`, { headers })).json();
    const clients = bench.names({ light: true, sockets: true }).filter((client) => client !== OURS_CHECKED);
    const ids = customers.map(({ id }) => id);
    const work = { task: "sockets", clients, baseUrl, token, ids, atATime: AT_A_TIME, schedule: bench.settings.socketSchedule };
    const time = await bench.run("Node", work);
    const shares = {};
    for (const client of [RAW_DEADLINE, OURS]) {
      shares[client] = await sharesOf(bench.workbench, { ...work, clients: [client] });
    }
    return { atATime: AT_A_TIME, time, shares };
  } finally {
    sandbox.stop();
  }
}
