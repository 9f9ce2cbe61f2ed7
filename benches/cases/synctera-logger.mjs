// This package with a logger at the level `info`.
import * as synctera from "./synctera.mjs";

export const open = (settings) => synctera.open({ ...settings, logger: { error() {}, warn() {}, info() {}, debug() {} }, logLevel: "info" });
