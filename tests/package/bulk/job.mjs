// An import that its test kills: creates customers through the installed package, with a journal in a file, and
// appends each result to another. Prints a line when it starts and its counts at the end.
//
// Environment: CONSUMER, BASE_URL, TOKEN, JOURNAL, RESULTS, NAME, ROWS.
import { appendFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { CONSUMER, BASE_URL, TOKEN, JOURNAL, RESULTS, NAME, ROWS } = process.env;
const entries = pathToFileURL(`${CONSUMER}/node_modules/synctera-customers/entries/`).href;
const { CustomersApi } = await import(`${entries}node.js`);
const { createCustomers, fileCheckpoint } = await import(`${entries}bulk.js`);

const api = new CustomersApi({ accessToken: TOKEN, baseUrl: BASE_URL, headers: { "sandbox-fault": "hold=40" } });

function* rows() {
  for (let number = 0; number < Number(ROWS); number += 1) yield { number };
}

console.log("started");
const counts = await createCustomers(api, rows(), {
  job: NAME,
  key: ({ number }) => `row ${number}`,
  customer: ({ number }) => ({ status: "PROSPECT", last_name: `${NAME}-${number}` }),
  checkpoint: fileCheckpoint(JOURNAL),
  onResult({ index, outcome, customer }) {
    appendFileSync(RESULTS, `${JSON.stringify({ index, outcome, id: customer?.id })}\n`);
  },
});
console.log(JSON.stringify(counts));
