// The fields that a person may write, in the order of the form.

/** @typedef {"create" | "patch" | "replace"} Mode */

/**
 * @typedef {object} Field
 * @property {string} name as the API calls it
 * @property {string} label
 * @property {"text" | "lines" | "choice" | "boolean" | "json" | "secret"} kind
 * @property {string} [hint]
 * @property {string[]} [choices]
 * @property {Record<string, string>} [texts] what is shown for a choice, if not the choice itself
 * @property {boolean} [isAlwaysSet] whether a choice has to be made
 * @property {Record<string, string | number | boolean>} [attributes] hints for the browser
 * @property {Mode[]} [modes] where it can be sent; everywhere if absent
 */

export const STATUSES = ["ACTIVE", "DECEASED", "DENIED", "DORMANT", "ESCHEAT", "FROZEN", "INACTIVE", "PROSPECT", "SANCTION"];

/** @type {Field} */
const STATUS = { name: "status", label: "Status", kind: "choice", choices: STATUSES, attributes: { required: true } };

/** @type {{ title: string, fields: Field[] }[]} */
export const GROUPS = [
  {
    title: "Standing",
    fields: [
      STATUS,
      {
        name: "ban_status",
        label: "Ban status",
        kind: "choice",
        choices: ["ALLOWED", "SUSPENDED", "BANNED"],
        hint: "Changing between ALLOWED and SUSPENDED needs a note. Only Synctera sets BANNED.",
      },
      { name: "note", label: "Note", kind: "lines", hint: "Stored with the change and never returned." },
    ],
  },
  {
    title: "Person",
    fields: [
      { name: "first_name", label: "First name", kind: "text" },
      { name: "middle_name", label: "Middle name", kind: "text" },
      { name: "last_name", label: "Last name", kind: "text" },
      {
        name: "dob",
        label: "Date of birth",
        kind: "text",
        hint: "Year-month-day.",
        attributes: { placeholder: "YYYY-MM-DD" },
      },
      {
        name: "ssn",
        label: "SSN",
        kind: "secret",
        hint: "Nine digits. The API returns the last four only.",
        attributes: { placeholder: "NNN-NN-NNNN", inputmode: "numeric" },
      },
    ],
  },
  {
    title: "Contact",
    fields: [
      { name: "email", label: "E-mail", kind: "text", attributes: { inputmode: "email", autocapitalize: "off" } },
      {
        name: "phone_number",
        label: "Phone number",
        kind: "text",
        hint: "With plus sign and country code.",
        attributes: { placeholder: "+12125550123", inputmode: "tel" },
      },
    ],
  },
];

/** @type {Field[]} */
export const ADDRESS_FIELDS = [
  { name: "address_line_1", label: "Line 1", kind: "text" },
  { name: "address_line_2", label: "Line 2", kind: "text" },
  { name: "city", label: "City", kind: "text" },
  { name: "state", label: "State", kind: "text", hint: "Such as IL.", attributes: { autocapitalize: "characters" } },
  { name: "postal_code", label: "Postal code", kind: "text" },
  {
    name: "country_code",
    label: "Country",
    kind: "text",
    hint: "Two letters, such as US.",
    attributes: { maxlength: 2, autocapitalize: "characters" },
  },
  { name: "nickname", label: "Nickname", kind: "text" },
  { name: "is_registered_agent", label: "Registered agent", kind: "boolean" },
];

export const ADDRESSES = [
  { name: "legal_address", title: "Legal address" },
  { name: "shipping_address", title: "Shipping address" },
];

/** @type {{ title: string, fields: Field[] }} */
export const OTHER = {
  title: "Other",
  fields: [
    { name: "metadata", label: "Metadata", kind: "json", hint: "A JSON object of yours, without personal data." },
    {
      name: "tenant",
      label: "Tenant",
      kind: "text",
      hint: "The workspace. Matters only if you have several.",
      modes: ["create", "replace"],
    },
  ],
};

/** What only the server sets. @type {Record<string, string>} */
const READ_ONLY_LABELS = {
  id: "Id",
  kyc_status: "KYC status",
  kyc_last_run: "KYC last run",
  kyc_exempt: "KYC exempt",
  has_accounts: "Has accounts",
  ssn_source: "SSN source",
  creation_time: "Created",
  last_updated_time: "Updated",
  address_type: "Type",
};

const LABELS = new Map([
  ...[...GROUPS, OTHER].flatMap(({ fields }) => fields).map(labelled),
  ...ADDRESS_FIELDS.map(labelled),
  ...ADDRESSES.map(({ name, title }) => labelled({ name, label: title })),
  ...Object.entries(READ_ONLY_LABELS),
]);

/**
 * @param {{ name: string, label: string }} field
 * @returns {[string, string]}
 */
function labelled({ name, label }) {
  return [name, label];
}

/**
 * What a field is called on the page; `undefined` for one that this page does not know.
 *
 * @param {string} path such as `email` or `legal_address.city`
 */
export function labelOf(path) {
  const [first = "", second] = path.split(".");
  const label = LABELS.get(first);
  return second === undefined || label === undefined ? label : `${label}: ${LABELS.get(second) ?? second}`;
}

/**
 * The fields of a customer, addresses aside, that can be sent.
 *
 * @param {Mode} mode
 */
export function plainFields(mode) {
  return [...GROUPS, OTHER].flatMap(({ fields }) => fields).filter((field) => isSent(field, mode));
}

/**
 * @param {Field} field
 * @param {Mode} mode
 */
export function isSent(field, mode) {
  return field.modes === undefined || field.modes.includes(mode);
}
