// One line of JSON for each thing that was found, in the file that `cargo xtask faults` reads.
import { appendFile } from "node:fs/promises";

export async function report(line) {
  const file = process.env.FAULTS_REPORT;
  if (file) await appendFile(file, `${JSON.stringify(line)}\n`);
}
