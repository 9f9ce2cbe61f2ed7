// The examples of the READMEs and the guides, each as a module.
import { readFile } from "node:fs/promises";

const GUIDES = ["browsers", "bulk", "client", "errors", "migration", "paging", "testing", "webhooks"];
const DOCUMENTS = ["README.md", "pkg/README.md", ...GUIDES.map((name) => `docs/${name}.md`)];
const ROOT = new URL("../../", import.meta.url);

/**
 * The examples that need none of the names in `lacks`.
 *
 * @param {string[]} lacks
 * @param {string[]} languages
 * @returns {Promise<{ name: string, text: string }[]>}
 */
export async function examples(lacks, languages = ["ts"]) {
  const found = [];
  for (const document of DOCUMENTS) {
    const markdown = await readFile(new URL(document, ROOT), "utf8");
    for (const [, language, code, line] of blocks(markdown)) {
      const needs = lacks.some((name) => new RegExp(`\\b${name}\\b`).test(code));
      if (needs || !languages.includes(language)) continue;
      const name = `${document.replace(/[/.]/g, "-").toLowerCase()}-line-${line}.${language}`;
      // An example without an import would be a script, which may not await.
      found.push({ name, text: `${code}\nexport {};\n` });
    }
  }
  return found;
}

/** The fenced blocks of a Markdown text: the whole, the language, the code, its first line's number. */
function* blocks(markdown) {
  for (const match of markdown.matchAll(/^ *```(\w+)\n([\s\S]*?)^ *```$/gm)) {
    const line = markdown.slice(0, match.index).split("\n").length + 1;
    yield [match[0], match[1], match[2], line];
  }
}
