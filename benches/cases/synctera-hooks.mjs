// This package with all three hooks.
import * as synctera from "./synctera.mjs";

export const open = (settings) => synctera.open({ ...settings, onRequest: () => {}, onResponse: () => {}, onRetry: () => {} });
