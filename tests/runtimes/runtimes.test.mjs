// The installed package against the real sandbox, on each runtime.
import { ROWS } from "./runtimes.mjs";
import { testRows } from "./matrix.mjs";
import { closeBrowsers } from "./webdriver.mjs";

testRows("the installed package", ROWS, { close: closeBrowsers });
