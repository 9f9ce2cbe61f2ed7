// The same with its zod plugin: arguments and responses are checked by schemas of the contract.
import * as sdk from "../generated/hey-api-zod.mjs";
import { opener } from "./hey-api-opener.js";

export const open = opener(sdk);
