// Runs a job twice with a journal in a file, as an import does that goes on after a crash; prints both counts.
// Arguments: the entry, the file of the journal.
const [entry, path] = process.argv.slice(2);
const { createCustomers, fileCheckpoint } = await import(entry);

const api = { createCustomer: async () => ({ id: "c-1", status: "PROSPECT" }) };
const run = () =>
  createCustomers(api, Array(20).keys(), {
    job: "import",
    key: String,
    customer: () => ({ status: "PROSPECT" }),
    checkpoint: fileCheckpoint(path),
  });
console.log(JSON.stringify([await run(), await run()]));
