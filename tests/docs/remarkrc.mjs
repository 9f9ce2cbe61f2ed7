// Links are checked against the files and headings here; no repository's address is known.
import { fileURLToPath } from "node:url";
import validateLinks from "remark-validate-links";

export default { plugins: [[validateLinks, { repository: false, root: fileURLToPath(new URL("../..", import.meta.url)) }]] };
