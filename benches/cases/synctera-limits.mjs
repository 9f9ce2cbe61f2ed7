// This package with a limit that no call meets. Not of the rate too: in workerd the clock stands still.
import * as synctera from "./synctera.mjs";

export const open = (settings) => synctera.open({ ...settings, maxConcurrent: 1_000 });
