// Graceful shutdown on SIGINT and SIGTERM: requests in flight are settled first.
import { EXIT } from "./exit.js";

/**
 * @param {() => void} onInterrupt called once, at the first signal
 * @returns {{ signal: AbortSignal, exitCode: number | undefined, dispose: () => void }} `exitCode` once a
 *   signal has come
 */
export function watchInterrupts(onInterrupt) {
  const controller = new AbortController();
  /** @type {{ signal: AbortSignal, exitCode: number | undefined, dispose: () => void }} */
  const watch = { signal: controller.signal, exitCode: undefined, dispose };
  const handlers = { SIGINT: handler(EXIT.interrupted), SIGTERM: handler(EXIT.terminated) };
  for (const [name, listener] of Object.entries(handlers)) process.on(name, listener);
  return watch;

  /** @param {number} exitCode */
  function handler(exitCode) {
    return () => {
      // A second signal ends the program at once.
      if (watch.exitCode !== undefined) process.exit(exitCode);
      watch.exitCode = exitCode;
      onInterrupt();
      controller.abort();
    };
  }

  function dispose() {
    for (const [name, listener] of Object.entries(handlers)) process.off(name, listener);
  }
}
