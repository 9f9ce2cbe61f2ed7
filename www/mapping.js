// Which column of a CSV file is which field of a customer.
import { ACCEPTED } from "/cli/columns.js";
import { ADDRESSES, ADDRESS_FIELDS, plainFields } from "./fields.js";

const SENT = new Set([
  ...plainFields("create").map(({ name }) => name),
  ...ADDRESSES.flatMap(({ name }) => ADDRESS_FIELDS.map((field) => `${name}.${field.name}`)),
]);

/** What a customer can be created with, of the columns that a file may have. */
export const WRITABLE = [...ACCEPTED.keys()].filter((path) => SENT.has(path));

/** Names that files use for a field, in small letters with `_` between words. @type {Record<string, string>} */
const OTHER_NAMES = {
  birth_date: "dob",
  birthday: "dob",
  country: "legal_address.country_code",
  date_of_birth: "dob",
  e_mail: "email",
  email_address: "email",
  family_name: "last_name",
  given_name: "first_name",
  mail: "email",
  mobile: "phone_number",
  phone: "phone_number",
  street: "legal_address.address_line_1",
  surname: "last_name",
  zip: "legal_address.postal_code",
  zip_code: "legal_address.postal_code",
};

/**
 * The field that each column most likely is; of two columns with the same field the first.
 *
 * @param {string[]} header
 * @returns {(string | undefined)[]}
 */
export function guessMapping(header) {
  const taken = new Set();
  return header.map((name) => {
    const path = guess(name.trim());
    if (path === undefined || taken.has(path)) return undefined;
    taken.add(path);
    return path;
  });
}

/** @param {string} name */
function guess(name) {
  if (WRITABLE.includes(name)) return name;
  const simple = name.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
  return [simple, OTHER_NAMES[simple] ?? "", `legal_address.${simple}`].find((path) => WRITABLE.includes(path));
}
