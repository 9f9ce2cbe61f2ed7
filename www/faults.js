// Faults that the sandbox plays on request: its header `Sandbox-Fault`, armed for requests to come.

/** @typedef {"write" | "call"} Target */
/** @typedef {{ header: string, label: string }} Fault */

/** @type {Fault[]} */
export const FAULTS = [
  { header: "drop=after", label: "do it, then lose the response" },
  { header: "drop=before", label: "lose the request" },
  { header: "delay=2000", label: "answer after 2 s" },
  { header: "status=503", label: "answer 503" },
  { header: "status=429;retry-after=2", label: "answer 429, wait 2 s" },
  { header: "truncate=20", label: "cut the response off" },
  { header: "deliver=twice", label: "deliver the request twice" },
];

/** Which fault is armed. Fires `change`. */
export class Faults extends EventTarget {
  /** Whether the server is one that knows faults. */
  isOffered = false;
  /** @type {{ fault: Fault, target: Target, isOnce: boolean } | undefined} */
  armed;

  /** @param {boolean} isOffered */
  offer(isOffered) {
    this.isOffered = isOffered;
    this.disarm();
  }

  /**
   * @param {Fault} fault
   * @param {Target} target
   * @param {boolean} isOnce for one request, otherwise until it is disarmed
   */
  arm(fault, target, isOnce) {
    if (!this.isOffered) return;
    this.armed = { fault, target, isOnce };
    this.dispatchEvent(new Event("change"));
  }

  disarm() {
    this.armed = undefined;
    this.dispatchEvent(new Event("change"));
  }

  /**
   * The header's value for a request that is about to be sent, if it takes the fault. A fault for one
   * request is used up by it: the retry of the same call comes through.
   *
   * @param {string} method
   */
  take(method) {
    if (!this.armed) return undefined;
    const { fault, target, isOnce } = this.armed;
    if (target === "write" && method === "GET") return undefined;
    if (isOnce) this.disarm();
    return fault.header;
  }

  /** What is armed, in words. */
  get text() {
    if (!this.armed) return "";
    const { fault, target, isOnce } = this.armed;
    return `Fault in ${isOnce ? "the next" : "every"} ${target}: ${fault.label}`;
  }
}
