// Writes docs/performance.md, its plots, and nothing that was not measured.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { verdict } from "./goals.mjs";
import { SECTIONS } from "./sections.mjs";
import { table } from "./tables.mjs";

/**
 * Writes the document and its plots; returns the goals in a form for the terminal.
 *
 * @param {import("./results.mjs").Results} results
 */
export async function writeDocument({ parts, places }) {
  const { document, folder } = places;
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) if (file.endsWith(".svg")) await rm(`${folder}/${file}`);
  for (const { section, measured } of sectionsOf(parts)) {
    for (const [file, svg] of Object.entries(section.plots?.(measured) ?? {})) {
      await writeFile(`${folder}/${file}`, svg);
    }
  }
  await writeFile(document, compose(parts));
  const goals = allGoals(parts);
  return [...goals.map((goal) => `${goal.met ? "met     " : "NOT MET "} ${goal.promise}: ${goal.measured}`), document].join("\n");
}

/** The whole document as Markdown. */
export function compose(parts) {
  return [
    "# Performance\n",
    INTRODUCTION,
    `## The goals\n`,
    table(
      ["goal", "measured", ""],
      allGoals(parts).map((goal) => [goal.promise, goal.measured, verdict(goal)]),
    ),
    ...sectionsOf(parts).flatMap(({ section, measured }) => [
      `## ${section.title}\n`,
      `${section.text(measured).trim()}\n`,
    ]),
    "## How it was measured\n",
    METHOD,
    circumstances(parts),
  ].join("\n");
}

const INTRODUCTION = `What this client costs next to \`fetch\` by hand and to other clients: time per call, growth with the
size of a page and with the number of calls under way, memory, start, and bytes to download. Every
number here was measured by \`cargo xtask bench\`, which writes this document and its plots, from the
packed and installed package; \`cargo xtask bench PART\` measures one part again. The numbers of all
rounds are in [\`performance/results.json\`](performance/results.json).

Differences under 15 % are noise.
`;

const METHOD = `Whatever is compared takes turns: each round has batches of every client, in another order each time,
and gives one median for each; there are 25 rounds. So whatever disturbs the machine disturbs them
alike, and a ratio is always taken within a round. Before a client is measured it has to make the
five operations rightly, judged by what reaches its \`fetch\`. [\`benches/\`](../benches/README.md)
says how each is set up.
`;

function sectionsOf(parts) {
  return SECTIONS.filter(({ part }) => parts[part]).map((section) => ({ section, measured: parts[section.part].measured }));
}

const allGoals = (parts) => sectionsOf(parts).flatMap(({ section, measured }) => section.goals?.(measured) ?? []);

/** On what machine, when and with which versions each part was measured; alike parts in one line. */
function circumstances(parts) {
  const seen = new Map();
  for (const [part, { taken, machine, versions }] of Object.entries(parts)) {
    const { processor, cores, memory, system } = machine;
    const line = `${taken}, ${processor}, ${cores} cores, ${memory}, ${system}; ${list(versions)}.`;
    seen.set(line, [...(seen.get(line) ?? []), `\`${part}\``]);
  }
  return [...seen].map(([line, names]) => `* ${names.join(", ")}: ${line}\n`).join("");
}

const list = (versions) =>
  Object.entries(versions ?? {})
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
