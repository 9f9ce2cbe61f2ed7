// An earlier version of this package: `cargo xtask bench --against FILE.tgz` installs it.
import { CustomersApi } from "synctera-customers-previous";
import { opener } from "./synctera-opener.js";

export const open = opener(CustomersApi);
