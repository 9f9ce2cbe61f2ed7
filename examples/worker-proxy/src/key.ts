// Keeps the API key from going back to a page in what Synctera, or a gateway before it, answers: an
// error text that quotes the request, say.

/** How many times an encoded text may have been encoded again: JSON in a URL in JSON is three. */
const LAYERS = 4;

/**
 * Whether a response's headers or body hold the key: verbatim, percent-encoded, escaped as in JSON,
 * or inside base64, as `Authorization: Basic` has it. Letter case does not count. A key of a few
 * letters could be found where it is not; real ones are long.
 */
export async function holdsKey(response: Response, key = ""): Promise<boolean> {
  // The package accepts no other keys, so they were never sent.
  if (!/^[!-~]+$/.test(key)) return false;
  const forms = [key, ...base64Forms(key)].map(folded);
  let text = `${[...response.headers].join("\n")}\n${await response.clone().text()}`;
  for (let layer = 0; layer <= LAYERS; layer += 1) {
    const searched = folded(text);
    if (forms.some((form) => searched.includes(form))) return true;
    text = decoded(text);
  }
  return false;
}

/**
 * What base64 text that holds the key looks like, whatever stands around the key: base64 takes three
 * bytes at a time, so there are three ways. The letters that a neighbour has a part in are cut off.
 */
function base64Forms(key: string): string[] {
  return [0, 1, 2].map((before) => {
    const letters = (bytes: number) => (bytes * 8) / 6;
    const text = btoa(" ".repeat(before) + key);
    return text.slice(Math.ceil(letters(before)), Math.floor(letters(before + key.length)));
  });
}

/** Makes letter cases alike, and base64 and base64url. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll("-", "+").replaceAll("_", "/");
}

/** Undoes one layer of percent-encoding and of JSON's escapes. */
function decoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})|\\u00([0-9a-f]{2})|\\(.)/gi, (_, percent, unicode, character) => {
    return character ?? String.fromCharCode(parseInt(percent ?? unicode, 16));
  });
}
