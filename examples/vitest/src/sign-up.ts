// The app's own code, which gets its client from outside.
import { isSyncteraError, type CustomersApi, type CustomerWrite } from "synctera-customers";

export type SignUp =
  | { state: "created"; customerId: string }
  | { state: "rejected"; fields: string[] }
  | { state: "pending" };

/** Creates the customer of a sign-up. While it is `pending`, call it again: there will be one customer. */
export async function signUp(api: CustomersApi, signUpId: string, customer: CustomerWrite): Promise<SignUp> {
  try {
    const { id } = await api.createCustomer(customer, { idempotencyKey: `sign-up-${signUpId}` });
    return { state: "created", customerId: id };
  } catch (error) {
    if (isSyncteraError(error, "ApiError") && error.status === 400) {
      return { state: "rejected", fields: [...error.missing, ...Object.keys(error.invalid)] };
    }
    if (isSyncteraError(error) && error.outcome === "unknown") return { state: "pending" };
    throw error;
  }
}
