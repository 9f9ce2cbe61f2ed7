// In Node, Deno and Bun: an uncaught error, and what the runtime prints of it.
import { CustomersApi } from "synctera-customers";
import { failure } from "../../canary.js";

const { WAY, WHAT } = process.env;
const error = await failure(CustomersApi, WHAT);
if (WAY === "thrown") {
  setTimeout(() => {
    throw error;
  });
} else if (WAY === "a cause") {
  setTimeout(() => {
    throw new Error("outer", { cause: error });
  });
} else Promise.reject(error);
