// What would be lost if the page left the view that is shown: the person is asked first.

/** Gives the question to ask, or nothing if there is nothing to lose. @typedef {() => string | undefined} Question */

/** @type {Question | undefined} */
let current;

/**
 * Asks before the view is left, until `signal` says that it has been.
 *
 * @param {Question} question
 * @param {AbortSignal} signal
 */
export function guard(question, signal) {
  current = question;
  signal.addEventListener("abort", () => {
    if (current === question) current = undefined;
  });
}

/** Whether another view may be shown now. */
export function mayLeave() {
  const question = current?.();
  return question === undefined || confirm(question);
}

// Browsers show their own words here.
addEventListener("beforeunload", (event) => {
  if (current?.() !== undefined) event.preventDefault();
});
