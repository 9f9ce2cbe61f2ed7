// Where the measured programs run: next to the installed package, with the peers linked in, the
// generated clients made, and a copy of the cases, the harness and the drivers.
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { node } from "../tests/runtimes/programs.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const run = promisify(execFile);

const CONTRACT = here("../contract/customers.openapi.yaml");

/**
 * Sets the workbench up in a project in which the packed package is installed.
 *
 * @param {object} places
 * @param {string} places.consumer that project
 * @param {string} places.cache a folder that keeps the generated clients
 * @param {string} [places.openapiGenerator] the program; without it there is no such client
 * @param {string} [places.previous] the tarball of an earlier version of the package
 * @returns {Promise<string>} the folder, which holds `cases/`, `harness/` and `drivers/`
 */
export async function setUp({ consumer, cache, openapiGenerator, previous }) {
  const bench = `${consumer}/bench`;
  await rm(bench, { recursive: true, force: true });
  await mkdir(bench, { recursive: true });
  for (const folder of ["harness", "drivers"]) {
    await cp(here(folder), `${bench}/${folder}`, { recursive: true });
  }
  await bundleCases(`${bench}/cases`);
  await linkPeers(consumer);
  if (previous) await unpack(previous, `${consumer}/node_modules/synctera-customers-previous`);
  await cp(await generatedClients(cache, openapiGenerator), `${bench}/generated`, { recursive: true });
  return bench;
}

/** Each case as one file, so that no start waits for more files of ours than another. */
async function bundleCases(outdir) {
  const names = (await readdir(here("cases"))).filter((name) => name.endsWith(".mjs"));
  await build({
    entryPoints: names.map((name) => here(`cases/${name}`)),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    packages: "external",
    external: ["../generated/*"],
    logLevel: "error",
  });
}

/** Links what `benches/package.json` names, and what that needs, to where imports look for it. */
async function linkPeers(consumer) {
  const modules = here("node_modules");
  for (const name of await readdir(modules)) {
    if (name.startsWith(".")) continue;
    const link = `${consumer}/node_modules/${name}`;
    await rm(link, { recursive: true, force: true });
    await symlink(`${modules}/${name}`, link);
  }
}

/** A package needs nothing else, so it is installed by being unpacked. */
async function unpack(tarball, folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
}

/** The clients that are made of the contract, made anew only if what they are made of has changed. */
async function generatedClients(cache, openapiGenerator) {
  const made = `${cache}/modules`;
  const stamp = `${cache}/stamp`;
  const inputs = await fingerprint([CONTRACT, here("package-lock.json"), here("requirements.txt"), here("workbench.mjs")]);
  const wanted = `${inputs} ${openapiGenerator ? "with" : "without"} openapi-generator`;
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return made;
  await rm(cache, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  await heyApi("hey-api", cache);
  await heyApi("hey-api-zod", cache);
  if (openapiGenerator) await openapiGeneratorClient(openapiGenerator, cache);
  await writeFile(stamp, wanted);
  return made;
}

async function fingerprint(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex");
}

/** As it comes; with zod, both arguments and responses are checked. */
async function heyApi(name, cache) {
  const zod = name === "hey-api-zod";
  const sources = `${cache}/${name}`;
  const configuration = `${cache}/${name}.config.mjs`;
  // Where schemas are nested as in the contract, its zod plugin takes a discriminator's schema
  // names for values and then refuses every draft; without the discriminator it makes a union.
  const patch = `{ schemas: { CustomerInBody: (schema) => { delete schema.discriminator; } } }`;
  await writeFile(
    configuration,
    `export default {
      input: ${JSON.stringify(CONTRACT)},
      output: { path: ${JSON.stringify(sources)} },
      parser: { patch: ${zod ? patch : "{}"} },
      plugins: ["@hey-api/client-fetch", { name: "@hey-api/sdk", validator: ${zod} }${zod ? ', "zod"' : ""}],
    };`,
  );
  // It wants a newer Node than the package does.
  await run(node(24), [here("node_modules/@hey-api/openapi-ts/bin/run.js"), "--file", configuration], {
    cwd: here("."),
  });
  await writeFile(`${sources}/all.ts`, 'export * from "./sdk.gen"; export { client } from "./client.gen";');
  await bundleClient(`${sources}/all.ts`, name, cache);
}

async function openapiGeneratorClient(program, cache) {
  const sources = `${cache}/openapi-generator`;
  await run(program, ["generate", "-i", CONTRACT, "-g", "typescript-fetch", "-o", sources]);
  await bundleClient(`${sources}/index.ts`, "openapi-generator", cache);
}

/** One module of plain JavaScript, as readable as it was, that imports what it needs. */
async function bundleClient(entry, name, cache) {
  await build({
    entryPoints: [entry],
    outfile: `${cache}/modules/${name}.mjs`,
    bundle: true,
    format: "esm",
    target: "es2022",
    packages: "external",
    // Their own tsconfig.json, if any, is for their own compiler.
    tsconfigRaw: {},
    logLevel: "error",
  });
}
