// The type checkers that must accept the installed package, as data: each compiler, with each way
// to resolve modules, in a program for each host.
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { examples } from "./examples.mjs";

/**
 * @typedef {object} Compiler
 * @property {string} name
 * @property {string} tool the folder of the compiler in node_modules
 * @property {"2024" | "newest"} era which hosts' types it reads: today's are not written for TypeScript 5.0
 * @property {boolean} using whether it knows `using`, which came with 5.2
 * @property {string[]} [lacks] names that its library does not have yet
 */

/** @type {Compiler[]} */
const COMPILERS = [
  { name: "TypeScript 5.0", tool: "typescript-5.0", era: "2024", using: false, lacks: ["Response.json"] },
  { name: "TypeScript 5.4", tool: "typescript-5.4", era: "2024", using: true },
  { name: "TypeScript 5.9", tool: "typescript-5.9", era: "newest", using: true },
  { name: "TypeScript 6", tool: "typescript-6", era: "newest", using: true },
  { name: "TypeScript 7", tool: "typescript-7", era: "newest", using: true },
];

/** `require`: whether a file may be CommonJS. */
const RESOLUTIONS = [
  { name: "node16", module: "node16", require: true },
  { name: "nodenext", module: "nodenext", require: true },
  { name: "bundler", module: "esnext", require: false },
  // The one before `exports`, which TypeScript 6 no longer has.
  { name: "node10", module: "esnext", require: false, until: 5 },
];

/**
 * @typedef {object} Host
 * @property {string} name
 * @property {string[]} lib
 * @property {{ as: string, "2024": string, newest: string }} [types] the host's types: what they are
 *   installed as, and the folder of the tools that holds them
 * @property {string[]} programs
 * @property {string[]} [skips] files of tests/types that need what the host does not have
 * @property {string[]} lacks names that the host does not have; README examples with them are left out
 * @property {boolean} [using] for compilers that know `using` only
 */

/** @type {Host[]} */
export const HOSTS = [
  {
    name: "no host",
    lib: ["es2022"],
    programs: ["everything.ts", "slim.ts", "bulk.ts", "testing.ts", "webhooks.ts"],
    skips: ["host.ts", "disposal.ts"],
    lacks: ["process", "console", "Request", "Response", "URL"],
  },
  {
    name: "no host, and `using`",
    lib: ["es2022", "esnext.disposable"],
    programs: ["everything.ts", "disposable.ts"],
    skips: ["host.ts"],
    lacks: ["process", "console", "Request", "Response", "URL"],
    using: true,
  },
  {
    name: "a page",
    lib: ["es2022", "dom", "dom.iterable"],
    programs: ["everything.ts", "slim.ts", "bulk.ts", "testing.ts", "webhooks.ts", "dom.ts"],
    skips: ["disposal.ts"],
    lacks: ["process"],
  },
  {
    name: "a Worker",
    lib: ["es2022"],
    types: { as: "@cloudflare/workers-types", 2024: "workers-types-2024", newest: "@cloudflare/workers-types" },
    programs: ["everything.ts", "slim.ts", "bulk.ts", "testing.ts", "webhooks.ts", "worker.ts"],
    skips: ["disposal.ts"],
    lacks: ["process"],
  },
  {
    name: "Node",
    lib: ["es2022"],
    types: { as: "@types/node", 2024: "node-types-2024", newest: "@types/node" },
    programs: ["everything.ts", "slim.ts", "bulk.ts", "testing.ts", "webhooks.ts", "node.ts"],
    skips: ["disposal.ts"],
    lacks: [],
  },
];

/**
 * Each compiler resolves modules in each way for Node, and has each host in one way: what a host
 * declares does not depend on how a module is found.
 */
const goTogether = ({ name }, { name: resolution, until = Infinity }, host) =>
  Number(/[0-9]+/.exec(name)[0]) <= until && (resolution === "bundler" || host.name === "Node");

/** `{ name, kind, run }` as the runtimes' rows; a row's results are one: whether all compiles. */
export const ROWS = [
  ...COMPILERS.flatMap((compiler) =>
    RESOLUTIONS.flatMap((resolution) =>
      HOSTS.filter((host) => (compiler.using || !host.using) && goTogether(compiler, resolution, host)).map((host) => ({
        name: `${compiler.name}, ${resolution.name}, ${host.name}`,
        kind: "types",
        run: ({ consumer }) => typescript(consumer, compiler, resolution, host),
      })),
    ),
  ),
  { name: "Deno", kind: "types", run: ({ consumer }) => deno(consumer) },
];

const TOOLS = fileURLToPath(new URL("node_modules", import.meta.url));
const PROGRAMS = fileURLToPath(new URL("programs", import.meta.url));
const TYPE_TESTS = fileURLToPath(new URL("../types", import.meta.url));

/** Strict, and without `skipLibCheck`: the package's declarations are checked too, and the host's. */
function settings(resolution, host) {
  return {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    isolatedModules: true,
    skipLibCheck: false,
    // Only what the compiler itself brings: a second for each run.
    skipDefaultLibCheck: true,
    noEmit: true,
    target: "es2022",
    lib: host.lib,
    module: resolution.module,
    moduleResolution: resolution.name,
    // None but the host's: nothing is picked up by chance.
    types: host.types ? [host.types.as.replace("@types/", "")] : [],
  };
}

async function typescript(consumer, compiler, resolution, host) {
  const folder = await project(consumer, `${compiler.name} ${resolution.name} ${host.name}`);
  const programs = resolution.require ? [...host.programs, "require.cts"] : host.programs;
  for (const program of programs) await cp(`${PROGRAMS}/${program}`, `${folder}/${program}`);
  await copyTypeTests(folder, host.skips ?? []);
  const lacks = [...host.lacks, ...(compiler.lacks ?? [])];
  for (const { name, text } of await examples(lacks)) await writeFile(`${folder}/${name}`, text);
  if (host.types) {
    const link = `${folder}/node_modules/${host.types.as}`;
    await mkdir(dirname(link), { recursive: true });
    await symlink(`${TOOLS}/${host.types[compiler.era]}`, link);
  }
  const config = { compilerOptions: settings(resolution, host), include: ["*.ts", "*.cts", "type-tests"] };
  await writeFile(`${folder}/tsconfig.json`, JSON.stringify(config, null, 2));
  return check(folder, process.execPath, [`${TOOLS}/${compiler.tool}/bin/tsc`, "--project", "."]);
}

async function copyTypeTests(folder, skips) {
  await cp(TYPE_TESTS, `${folder}/type-tests`, {
    recursive: true,
    filter: (path) => !skips.includes(basename(path)),
  });
}

/** Deno as most use it with npm packages that something else installed. */
async function deno(consumer) {
  const folder = await project(consumer, "Deno");
  const version = JSON.parse(await readFile(`${installed(consumer)}/package.json`, "utf8")).version;
  const manifest = { private: true, type: "module", dependencies: { "synctera-customers": version } };
  await writeFile(`${folder}/package.json`, JSON.stringify(manifest));
  await writeFile(`${folder}/deno.json`, JSON.stringify({ nodeModulesDir: "manual" }));
  await cp(installed(consumer), `${folder}/node_modules/synctera-customers`, { recursive: true });
  const programs = ["everything.ts", "slim.ts", "bulk.ts", "testing.ts", "webhooks.ts", "disposable.ts", "deno.ts"];
  for (const program of programs) await cp(`${PROGRAMS}/${program}`, `${folder}/${program}`);
  await copyTypeTests(folder, []);
  for (const { name, text } of await examples([], ["ts", "js"])) await writeFile(`${folder}/${name}`, text);
  const files = (await readdir(folder)).filter((name) => /\.[jt]s$/.test(name));
  return check(folder, denoProgram(), ["check", "--no-remote", "type-tests", ...files], {
    DENO_DIR: `${folder}/deno-dir`,
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
  });
}

/** The binary itself: `deno`'s own bin would copy it into place on first use, 90 MB. */
export function denoProgram() {
  const require = createRequire(`${TOOLS}/deno/package.json`);
  const libc = process.platform === "linux" ? "-glibc" : "";
  const name = process.platform === "win32" ? "deno.exe" : "deno";
  return require.resolve(`@deno/${process.platform}-${process.arch}${libc}/${name}`);
}

function installed(consumer) {
  return `${consumer}/node_modules/synctera-customers`;
}

/** An empty folder below the consumer, whose node_modules hold the package. */
async function project(consumer, name) {
  const folder = `${consumer}/types/${name.toLowerCase().replace(/[^a-z0-9.]+/g, "-")}`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** One result; what the checker printed is its detail if it is not content. */
function check(folder, program, args, environment = {}) {
  const options = { cwd: folder, env: { ...process.env, ...environment }, timeout: 300_000, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const detail = error ? `${basename(folder)}: ${stdout}${stderr}`.trim() || error.message : "";
      resolve([{ name: "compiles", ok: error === null, detail }]);
    });
  });
}
