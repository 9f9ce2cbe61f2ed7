// This package, packed and installed, as it comes: arguments checked, a key for each create, a
// deadline, repeats.
import { CustomersApi } from "synctera-customers";
import { opener } from "./synctera-opener.js";

export const open = opener(CustomersApi);
