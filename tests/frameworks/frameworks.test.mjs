// The packed package in projects of frameworks, test runners and platforms, each with the versions that
// rows.mjs names, against the real sandbox. By `cargo xtask matrix frameworks`; too long for every test run.
import { pathToFileURL } from "node:url";
import { testRows } from "../runtimes/matrix.mjs";
import { createProject, pack, run } from "./project.mjs";
import { PROJECTS } from "./rows.mjs";

const { BROKEN, CONSUMER, PROJECTS: folder } = process.env;
const { CustomersApi } = await import(pathToFileURL(`${CONSUMER}/node_modules/synctera-customers/entries/node.js`));

const projects = new Map();
let tarball;

/** The project's folder, once it is built; built once, however many places it has. */
function built(project) {
  if (!projects.has(project)) projects.set(project, build(project));
  return projects.get(project);
}

async function build(project) {
  tarball ??= pack(CONSUMER, folder, BROKEN !== undefined);
  const path = `${folder}/${project.name.replace(/\W+/g, "-").toLowerCase()}`;
  await createProject(path, project, await tarball);
  for (const commandLine of project.build ?? []) await run(path, commandLine, project.environment);
  return path;
}

const rows = PROJECTS.flatMap((project) =>
  Object.entries(project.places).map(([place, { steps, run: runPlace }]) => ({
    name: `${project.name}: ${place}`,
    kind: "framework",
    versions: project.versions ?? Object.entries(project.packages).map(([name, version]) => `${name} ${version}`),
    works: project.works,
    steps,
    async run({ baseUrl, token }) {
      const api = new CustomersApi({ accessToken: token, baseUrl });
      return runPlace({ folder: await built(project), baseUrl, token, api });
    },
  })),
);

testRows("the packed package in projects", rows);
