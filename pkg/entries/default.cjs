// require() of a bundler for browsers, and in Jest's jsdom: the module's bytes are inside.
const { decode, start } = require("../dist/core-browser.cjs");

module.exports = start(decode(require("../dist/wasm-text.cjs")));
