// In Node, Deno and Bun: the settings come by the environment, the observations go to the output.
import * as errors from "synctera-customers";
import { runFaults } from "../laboratory.js";

const { CustomersApi } = errors;
const settings = JSON.parse(process.env.SETTINGS);
console.log(JSON.stringify(await runFaults({ CustomersApi, errors, settings })));
