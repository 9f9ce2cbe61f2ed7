// CommonJS, with the types of `require`.
import customers = require("synctera-customers");

const api: customers.CustomersApi = new customers.CustomersApi({ accessToken: "token" });

export async function read(id: string): Promise<customers.CustomerInBody | undefined> {
  try {
    return await api.getCustomer(id);
  } catch (error) {
    if (error instanceof customers.ApiError && error.status === 404) return undefined;
    throw error;
  }
}

// @ts-expect-error an identifier is text
api.getCustomer(1);
