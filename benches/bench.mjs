// What the parts measure with: the workbench, the runtimes, and which cases there are.
import { CLIENTS, PREVIOUS } from "./clients.mjs";
import { RUNTIMES, closeRuntimes, run } from "./runtimes.mjs";
import { QUICK, THOROUGH } from "./settings.mjs";
import { setUp } from "./workbench.mjs";

export class Bench {
  /**
   * @param {object} options
   * @param {boolean} options.quick
   * @param {string} [options.previous] the tarball of an earlier version, to compare with
   * @param {Record<string, string | undefined>} options.environment
   */
  static async open({ quick, previous, environment }) {
    const { CONSUMER, CLIENTS_CACHE, OPENAPI_GENERATOR } = environment;
    if (!CONSUMER || !CLIENTS_CACHE) throw new Error("CONSUMER and CLIENTS_CACHE are not set: `cargo xtask bench` does");
    const bench = new Bench();
    bench.settings = quick ? QUICK : THOROUGH;
    bench.quick = quick;
    bench.environment = environment;
    bench.consumer = CONSUMER;
    const isThere = { "openapi-generator": OPENAPI_GENERATOR, [PREVIOUS]: previous };
    bench.clients = CLIENTS.filter(({ name }) => !(name in isThere) || isThere[name]);
    bench.workbench = await setUp({
      consumer: CONSUMER,
      cache: CLIENTS_CACHE,
      openapiGenerator: OPENAPI_GENERATOR,
      previous,
    });
    return bench;
  }

  /**
   * The names of all cases, or of those that are measured in every runtime; and, if asked, of those for sockets
   * and of the other forms of this package's calls.
   */
  names({ light = false, sockets = false, forms = false } = {}) {
    const chosen = this.clients.filter(
      (client) => (client.light || !light) && (sockets || !client.socketsOnly) && (forms || !client.form),
    );
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
