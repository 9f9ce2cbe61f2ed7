// The installed package against the real sandbox, on each runtime.
import { ROWS } from "./runtimes.mjs";
import { tellStories } from "./story.mjs";
import { closeBrowsers } from "./webdriver.mjs";

tellStories("the installed package", ROWS, { close: closeBrowsers });
