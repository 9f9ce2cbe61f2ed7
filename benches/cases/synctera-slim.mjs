// The entry that leaves loading the module to the caller.
import { CustomersApi, init } from "synctera-customers/slim";
import { opener } from "./synctera-opener.js";

export { init };

export const open = opener(CustomersApi);
