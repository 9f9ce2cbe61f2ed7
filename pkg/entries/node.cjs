// Node, by import and by require(), so that a program that does both has one instance. The bytes are
// inside as for everybody, in the one form that Node reads at once.
const { start } = require("../dist/core.cjs");

module.exports = start(Buffer.from(require("../dist/wasm-base64.cjs"), "base64"));
