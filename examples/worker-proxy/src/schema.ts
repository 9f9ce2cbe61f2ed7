// The fields of the API by name and type, for the allow-lists. The compiler compares them with the
// package's types: a field too many, one too few and one of another type are errors (`npm run check`).
import type { Address, AddressWrite, Customer, CustomerWrite, PatchCustomer } from "synctera-customers";

/** What a field holds; `object` is free-form JSON, and a schema in brackets is a list of objects. */
export type FieldType = "string" | "boolean" | "object" | Schema | [Schema];

/** The fields of an object. */
export interface Schema {
  readonly [name: string]: FieldType;
}

type SchemaOf<T> = { readonly [Name in keyof T]-?: FieldTypeOf<NonNullable<T[Name]>> };

type FieldTypeOf<T> = T extends string
  ? "string"
  : T extends boolean
    ? "boolean"
    : T extends readonly (infer Item)[]
      ? [SchemaOf<Item>]
      : [keyof T] extends [never]
        ? "object"
        : string extends keyof T
          ? "object"
          : SchemaOf<T>;

const ADDRESS_WRITE: SchemaOf<AddressWrite> = {
  address_line_1: "string",
  address_line_2: "string",
  city: "string",
  state: "string",
  postal_code: "string",
  country_code: "string",
  nickname: "string",
  is_registered_agent: "boolean",
};

const ADDRESS: SchemaOf<Address> = { ...ADDRESS_WRITE, id: "string", address_type: "string" };

const PATCH: SchemaOf<PatchCustomer> = {
  status: "string",
  ban_status: "string",
  note: "string",
  first_name: "string",
  middle_name: "string",
  last_name: "string",
  dob: "string",
  ssn: "string",
  email: "string",
  phone_number: "string",
  legal_address: ADDRESS_WRITE,
  shipping_address: ADDRESS_WRITE,
  metadata: "object",
};

const WRITE: SchemaOf<CustomerWrite> = { ...PATCH, tenant: "string" };

/** What a request can carry. What only the server sets is not in it, at any level. */
export const REQUESTS = { createCustomer: WRITE, patchCustomer: PATCH, updateCustomer: WRITE } as const;

/** What a customer in a response can carry. */
export const CUSTOMER: SchemaOf<Customer> = {
  id: "string",
  status: "string",
  ban_status: "string",
  first_name: "string",
  middle_name: "string",
  last_name: "string",
  dob: "string",
  ssn: "string",
  ssn_source: "string",
  email: "string",
  phone_number: "string",
  legal_address: ADDRESS,
  shipping_address: ADDRESS,
  addresses: [ADDRESS],
  kyc_status: "string",
  kyc_exempt: "boolean",
  kyc_last_run: "string",
  has_accounts: "boolean",
  tenant: "string",
  metadata: "object",
  creation_time: "string",
  last_updated_time: "string",
};
