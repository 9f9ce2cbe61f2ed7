// What the parts measure with: the workbench, the runtimes, and which cases there are.
import { CLIENTS } from "./clients.mjs";
import { RUNTIMES, closeRuntimes, run } from "./runtimes.mjs";
import { QUICK, THOROUGH } from "./settings.mjs";
import { setUp } from "./workbench.mjs";

export class Bench {
  /**
   * @param {{ quick: boolean, environment: Record<string, string | undefined> }} options
   */
  static async open({ quick, environment }) {
    const { CONSUMER, CLIENTS_CACHE, OPENAPI_GENERATOR } = environment;
    if (!CONSUMER || !CLIENTS_CACHE) throw new Error("CONSUMER and CLIENTS_CACHE are not set: `cargo xtask bench` does");
    const bench = new Bench();
    bench.settings = quick ? QUICK : THOROUGH;
    bench.quick = quick;
    bench.environment = environment;
    bench.consumer = CONSUMER;
    bench.clients = CLIENTS.filter(({ name }) => name !== "openapi-generator" || OPENAPI_GENERATOR);
    bench.workbench = await setUp({
      consumer: CONSUMER,
      cache: CLIENTS_CACHE,
      openapiGenerator: OPENAPI_GENERATOR,
    });
    return bench;
  }

  /** The names of all cases, or of those that are measured in every runtime; and of those for sockets, if asked. */
  names({ light = false, sockets = false } = {}) {
    const chosen = this.clients.filter((client) => (client.light || !light) && (sockets || !client.socketsOnly));
    return chosen.map(({ name }) => name);
  }

  /** The runtimes: Node alone when it must be quick. */
  runtimes() {
    return this.quick ? ["Node"] : Object.keys(RUNTIMES);
  }

  /**
   * Does a task in a runtime.
   *
   * @param {string} runtime
   * @param {import("./runtimes.mjs").Work} work
   */
  run(runtime, work) {
    return RUNTIMES[runtime](this.workbench, work);
  }

  /**
   * Runs a script of the workbench in a runtime that is a program; returns what it prints as JSON.
   *
   * @param {string} runtime
   * @param {string[]} script and its arguments
   * @param {object} [settings]
   * @param {string[]} [flags] of the runtime
   */
  script(runtime, script, settings, flags) {
    return run(runtime, this.workbench, script, settings, flags);
  }

  close() {
    return closeRuntimes();
  }
}
