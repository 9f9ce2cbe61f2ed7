// What has to be refused by the compiler. Each expectation fails if the line below it compiles.
import { ApiError, CustomersApi } from "synctera-customers";
import type { CustomerInBody, CustomerWrite, PatchCustomer } from "synctera-customers";

declare const api: CustomersApi;
declare const customer: CustomerInBody;
declare const id: string;

// --- the client's options

// @ts-expect-error a token is a string or a function that gives one
new CustomersApi({ accessToken: 5 });
// @ts-expect-error the function has to give a string
new CustomersApi({ accessToken: () => undefined });
// @ts-expect-error an unknown option
new CustomersApi({ accessToken: "key", timeout: 5 });
// @ts-expect-error the environments are two
new CustomersApi({ accessToken: "key", environment: "live" });
// @ts-expect-error a URL is given as a string
new CustomersApi({ accessToken: "key", baseUrl: { href: "https://example.com" } });
// @ts-expect-error a fetch gives a promise
new CustomersApi({ accessToken: "key", fetch: () => ({ status: 200 }) });
// @ts-expect-error a response has a status
new CustomersApi({ accessToken: "key", fetch: async () => ({}) });

// --- a call's options

// @ts-expect-error an unknown option
api.getCustomer(id, { timeout: 5 });
// @ts-expect-error the key is spelt idempotencyKey
api.createCustomer({ status: "ACTIVE" }, { idempotency_key: "k" });
// @ts-expect-error a number of milliseconds
api.getCustomer(id, { timeoutMs: "5s" });
// @ts-expect-error a signal, not what controls it
api.getCustomer(id, { signal: { abort() {} } });
// @ts-expect-error header values are strings
api.getCustomer(id, { headers: { "X-Count": 5 } });

// --- ids

// @ts-expect-error the id is missing
api.getCustomer();
// @ts-expect-error an id is a string
api.getCustomer(5);
// @ts-expect-error an id that may be missing
api.getCustomer(undefined as string | undefined);

// --- bodies

// @ts-expect-error the status is missing
api.createCustomer({});
// @ts-expect-error the list of a request is closed
api.createCustomer({ status: "SANCTIONED" });
// @ts-expect-error as is that of the ban status
api.createCustomer({ status: "ACTIVE", ban_status: "PAUSED" });
// @ts-expect-error a name that the contract does not know
api.createCustomer({ status: "ACTIVE", firstName: "Ottoline" });
// @ts-expect-error a date is text
api.createCustomer({ status: "ACTIVE", dob: new Date(0) });
// @ts-expect-error an address has a country
api.createCustomer({ status: "ACTIVE", legal_address: { address_line_1: "12 Lantern Row" } });
// @ts-expect-error retired
api.createCustomer({ status: "ACTIVE", related_customers: [] });
// @ts-expect-error the server sets it
const withId: CustomerWrite = { status: "ACTIVE", id };
// @ts-expect-error the server sets it
const withKyc: CustomerWrite = { status: "ACTIVE", kyc_status: "ACCEPTED" };
// @ts-expect-error the server sets it
const withType: CustomerWrite = { status: "ACTIVE", legal_address: { address_line_1: "x", country_code: "US", address_type: "LEGAL" } };
// @ts-expect-error a create leaves a field out, it does not send null
const withNull: CustomerWrite = { status: "ACTIVE", email: null };

// @ts-expect-error the body is missing
api.updateCustomer(id);
// @ts-expect-error the list of a request is closed
api.updateCustomer(id, { status: "SANCTIONED" });

// @ts-expect-error the list of a request is closed
api.patchCustomer(id, { status: "SANCTIONED" });
// @ts-expect-error the server sets it
api.patchCustomer(id, { kyc_status: "ACCEPTED" });
// @ts-expect-error the server sets it
api.patchCustomer(id, { id });
// @ts-expect-error a patch does not carry it
api.patchCustomer(id, { tenant: "qzwxec_mkjnhb" });
// @ts-expect-error the API cannot clear a field
const cleared: PatchCustomer = { email: null };
// @ts-expect-error no options are null
api.getCustomer(id, null);
// @ts-expect-error an address is sent whole
const half: PatchCustomer = { legal_address: { city: "Springfield" } };

// --- list parameters

// @ts-expect-error an unknown filter
api.listCustomers({ lastName: "Quay" });
// @ts-expect-error there is no filter on it
api.listCustomers({ kyc_status: "ACCEPTED" });
// @ts-expect-error a list of ids
api.listCustomers({ id });
// @ts-expect-error a term has a direction
api.listCustomers({ sort_by: ["last_name"] });
// @ts-expect-error the list of a request is closed
api.listCustomers({ status: "SANCTIONED" });
// @ts-expect-error a number
api.listCustomers({ limit: "25" });

// --- iterations

// @ts-expect-error the size of a page is the option pageSize
api.iterateCustomers({ limit: 25 });
// @ts-expect-error where to go on is the option cursor
api.iterateCustomers({ page_token: "k7w2p9xd" });
// @ts-expect-error an unknown option
api.iterateCustomers({}, { limit: 25 });
// @ts-expect-error a call that reads takes no key
api.iterateCustomers({}, { idempotencyKey: "k" });
// @ts-expect-error how many there may be is to be said
api.iterateCustomers().toArray();
// @ts-expect-error by name
api.iterateCustomers().toArray(5);
// @ts-expect-error not a promise of a list
api.iterateCustomers().customers;

// --- what comes back

// @ts-expect-error never returned
customer.note;
// @ts-expect-error may be absent
const email: string = customer.email;
// @ts-expect-error a patch is not a response
const patch: PatchCustomer = customer;
// @ts-expect-error only the package makes its errors
new ApiError();

export { cleared, email, half, patch, withId, withKyc, withNull, withType };
