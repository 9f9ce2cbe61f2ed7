// The Worker. What it allows stands in config.ts, what it does with a request in proxy.ts.
import { config } from "./config.ts";
import { createProxy } from "./proxy.ts";

export default createProxy(config);
