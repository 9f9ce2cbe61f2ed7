// What the proxy allows. The one file to edit; what is not named here is refused or removed.
import { sessionFromToken } from "./session.ts";
import type { Config } from "./types.ts";

export const config: Config = {
  // Who is asking. Put your own in its place; an unknown caller gets 401.
  authenticate: sessionFromToken,

  // What each role may do. A session whose role is not here gets 403.
  roles: {
    // Your people, who work on all customers.
    staff: {
      // Without updateCustomer: a PUT erases what it leaves out, hence whatever the page cannot see.
      // Add it only where all that is stored is both readable and writable.
      operations: ["createCustomer", "getCustomer", "listCustomers", "patchCustomer"],
      readable: [
        "first_name",
        "middle_name",
        "last_name",
        "email",
        "phone_number",
        "kyc_status",
        "ban_status",
        "has_accounts",
        "creation_time",
        "last_updated_time",
        // Members of an address; `legal_address` would be all of those that the API has.
        "legal_address.address_line_1",
        "legal_address.address_line_2",
        "legal_address.city",
        "legal_address.state",
        "legal_address.postal_code",
        "legal_address.country_code",
      ],
      // What may be written need not be readable: `dob` and `ssn` go in and never come out. What only
      // the server sets cannot be listed, nor is it taken inside an address.
      writable: [
        "status",
        "first_name",
        "middle_name",
        "last_name",
        "dob",
        "ssn",
        "email",
        "phone_number",
        "legal_address",
      ],
      // A filter gives away as much as the field it looks at: one who may filter by `ssn_last_4` finds it
      // out by asking. So does an order, and a page token may hold the values that are sorted by.
      filters: ["id", "status", "has_accounts", "first_name", "last_name", "email", "phone_number"],
      sortable: ["creation_time", "last_updated_time", "first_name", "last_name"],
    },

    // A customer of yours, who sees the record that the session's `customer_id` names and no other.
    customer: {
      operations: ["getCustomer", "patchCustomer"],
      ownRecordOnly: true,
      readable: ["first_name", "middle_name", "last_name", "email", "phone_number", "legal_address"],
      writable: ["email", "phone_number", "legal_address"],
    },
  },

  limits: {
    bodyBytes: 64 * 1024,
    responseBytes: 8 * 1024 * 1024,
    pageSize: 50,
    // Less than half of the 60 s that the page's client takes for a call, retries included: it
    // hears 504 from here before its own time is up, and can ask once more.
    timeoutMs: 25_000,
    // The rate limiter does not say when there is room again; this is what the page is sent.
    retryAfterSeconds: 10,
  },
};
