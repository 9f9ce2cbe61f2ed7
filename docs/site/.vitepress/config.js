// The site of `cargo xtask site`: the repository's documents where they are, with a search that needs
// no server.
import { defineConfig } from "vitepress";

const root = new URL("../../../", import.meta.url).pathname;

const SIDEBAR = {
  Start: [
    ["Overview", "/"],
    ["Tokens, limits, checks", "/docs/client"],
    ["Errors and outcomes", "/docs/errors"],
    ["Browsers, Workers, runtimes", "/docs/browsers"],
    ["Examples", "/examples/README"],
    ["From the Ruby gem", "/docs/migration"],
  ],
  Tasks: [
    ["Paging", "/docs/paging"],
    ["Bulk imports", "/docs/bulk"],
    ["Webhooks", "/docs/webhooks"],
    ["Testing", "/docs/testing"],
    ["Command line", "/docs/cli"],
    ["Logs and OpenTelemetry", "/docs/observability"],
  ],
  Promises: [
    ["Reliability", "/docs/reliability"],
    ["Security and privacy", "/docs/security"],
    ["Compatibility", "/docs/compatibility"],
    ["Performance", "/docs/performance"],
    ["Scale", "/docs/scale"],
    ["Supply chain", "/docs/supply-chain"],
  ],
  Inside: [
    ["Architecture", "/docs/architecture"],
    ["What is known of the API", "/contract/BEHAVIOUR"],
    ["Fidelity of the sandbox", "/docs/fidelity"],
    ["The sandbox", "/sandbox/README"],
    ["The tests", "/tests/README"],
    ["Contributing", "/CONTRIBUTING"],
    ["Security policy", "/SECURITY"],
    ["Changelog", "/CHANGELOG"],
  ],
};

/** The repository's folders without a page. */
const WITHOUT_PAGES = ["target", "pkg", "src", "cli", "www", "xtask", "docs/site", "tests/*", "sandbox/*", "examples/*/*"];

/** Links to files of the repository that are no page, like a test, become their text. */
function withoutLinksToSource(markdown) {
  const isSource = (href) => !/^(https?:|mailto:|#)/.test(href) && !/\.md(#|$)/.test(href);
  markdown.core.ruler.push("links_to_source", ({ tokens }) => {
    for (const block of tokens) {
      let isDropped = false;
      block.children = block.children?.filter((token) => {
        if (token.type === "link_open") isDropped = isSource(token.attrGet("href"));
        return !isDropped || !token.type.startsWith("link_");
      });
    }
  });
}

/** Finds Vue where this site's tools are: a page, which imports it, is in another folder. */
const vueOfSite = {
  name: "vue-of-site",
  enforce: "pre",
  resolveId(id, _importer, options) {
    return /^vue(\/|$)/.test(id) ? this.resolve(id, import.meta.filename, { ...options, skipSelf: true }) : undefined;
  },
};

export default defineConfig({
  title: "synctera-customers",
  description: "A client for Synctera's Customers API, in Rust and WebAssembly",
  srcDir: root,
  srcExclude: WITHOUT_PAGES.map((folder) => `${folder}/**/*.md`).concat("tests/*/*.md", "sandbox/*/*.md"),
  outDir: `${root}target/site`,
  cacheDir: `${root}.cache/site`,
  rewrites: { "README.md": "index.md" },
  markdown: { config: withoutLinksToSource },
  vite: { plugins: [vueOfSite] },
  themeConfig: {
    nav: [
      { text: "TypeScript reference", link: "/reference/index.html", target: "_self" },
      { text: "Rust reference", link: "/rust/synctera_customers/index.html", target: "_self" },
    ],
    sidebar: Object.entries(SIDEBAR).map(([text, pages]) => ({
      text,
      items: pages.map(([title, link]) => ({ text: title, link })),
    })),
    search: { provider: "local" },
    outline: [2, 3],
  },
});
