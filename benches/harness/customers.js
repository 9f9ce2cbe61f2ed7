// The people that the measurements read and write. None of them exists.

/** Where no server is: a stubbed fetch answers. */
export const BASE_URL = "http://127.0.0.1:9/v0";
export const TOKEN = "0b0f6c1e-6f0b-4f7c-8a7e-0d6f7c9be1f3";

/** Customer number `n` with every field that a response of the contract may hold: about 1 kB. */
export function customer(n = 0) {
  const street = `${100 + (n % 900)} Lantern Row`;
  return {
    id: uuid(1, n),
    status: "ACTIVE",
    first_name: "Ottoline",
    middle_name: "Maria",
    last_name: "Quay",
    dob: "1991-07-23",
    email: `ottoline.quay.${String(n).padStart(5, "0")}@example.com`,
    phone_number: "+15555550123",
    ssn: "4329",
    ssn_source: "MANUAL",
    ban_status: "ALLOWED",
    kyc_status: "ACCEPTED",
    kyc_exempt: false,
    kyc_last_run: "2025-02-04T09:30:00.500000Z",
    has_accounts: true,
    legal_address: address(n, "LEGAL", street),
    shipping_address: address(n, "SHIPPING", street),
    addresses: [{ id: uuid(2, n), address_line_1: street, country_code: "US" }],
    metadata: { cohort: "spring", referrer: "newsletter" },
    tenant: "qzwxec_mkjnhb",
    creation_time: "2025-02-03T14:05:06.120045Z",
    last_updated_time: "2025-02-04T09:30:01.002000Z",
  };
}

function address(n, address_type, address_line_1) {
  return {
    address_type,
    address_line_1,
    city: "Springfield",
    state: "IL",
    postal_code: "62701",
    country_code: "US",
  };
}

/** A page of `count` customers, as it travels: `page(100)` is 99 kB. */
export function customers(count) {
  return Array.from({ length: count }, (_, n) => customer(n));
}

/** What is created: every field that a caller usually sends. */
export const DRAFT = {
  status: "ACTIVE",
  first_name: "Ottoline",
  middle_name: "Maria",
  last_name: "Quay",
  dob: "1991-07-23",
  email: "ottoline.quay@example.com",
  phone_number: "+15555550123",
  ssn: "900-12-4329",
  legal_address: {
    address_line_1: "100 Lantern Row",
    city: "Springfield",
    state: "IL",
    postal_code: "62701",
    country_code: "US",
  },
  metadata: { cohort: "spring", referrer: "newsletter" },
};

export const CHANGES = { email: "o.quay@example.com" };

/** Version 4 in form: a client may look. */
function uuid(group, n) {
  return `5c1b0a4e-2f2e-4b0e-9d5${group}-${n.toString(16).padStart(12, "0")}`;
}
