// In a fresh process: from the import of a case to the end of its first call. Prints milliseconds.
// Arguments: the case.
import { answering } from "../harness/responses.js";
import { customer } from "../harness/customers.js";
import { callOf } from "../harness/operations.js";

const fetch = answering(JSON.stringify(customer()));
const begin = performance.now();
const caseModule = await import(`../cases/${process.argv[2]}.mjs`);
await callOf("get", caseModule, fetch)();
console.log(JSON.stringify(performance.now() - begin));
process.exit(0);
