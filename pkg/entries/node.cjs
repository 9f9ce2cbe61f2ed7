// require(), in Node and wherever else it is used: the module's bytes are inside.
const { decode, start } = require("../dist/core.cjs");

module.exports = start(decode(require("../dist/wasm-text.cjs")));
