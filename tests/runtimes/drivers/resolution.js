// The step before the scenario: did the runtime's own conditions choose the entry that is for it?

export const resolutionStep = (entry) => `resolves to entries/${entry}`;

/** @param {string[]} files the URLs or paths of what was loaded */
export function judgeResolution(files, entry) {
  const wanted = `node_modules/synctera-customers/entries/${entry}`;
  const ok = files.some((file) => file.replaceAll("\\", "/").endsWith(wanted));
  return { name: resolutionStep(entry), ok, detail: ok ? "" : `${wanted} is not in ${files}` };
}
