// The client that @hey-api/openapi-ts makes of the contract, as it comes: nothing is checked.
import * as sdk from "../generated/hey-api.mjs";
import { opener } from "./hey-api-opener.js";

export const open = opener(sdk);
