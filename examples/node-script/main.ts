// Reads all customers, creates one that no repetition doubles, and decides by an error's outcome what comes next.
import { CustomersApi, isSyncteraError, type CustomerWrite } from "synctera-customers";

const api = new CustomersApi({
  accessToken: process.env["SYNCTERA_API_KEY"],
  baseUrl: process.env["SYNCTERA_BASE_URL"], // not set: Synctera's sandbox
});

type Result = { done: string } | { correct: string } | { repeat: string };

/** Creates the customer of a sign-up. Its key follows from your own id, so that a second run creates nothing. */
async function signUp(signUpId: string, customer: CustomerWrite): Promise<Result> {
  try {
    const { id } = await api.createCustomer(customer, { idempotencyKey: `sign-up-${signUpId}` });
    return { done: id };
  } catch (error) {
    if (!isSyncteraError(error)) throw error;
    switch (error.outcome) {
      case "unknown": // It may exist: put it into a queue, and repeat it with the same key within 7 days.
        return { repeat: error.message };
      case "not_sent": // By the client's own checks.
      case "rejected": // By the server, which changed nothing and keeps the rejection under this key.
        return { correct: error.message };
    }
  }
}

const statuses = new Map<string, number>();
for await (const { status = "none" } of api.iterateCustomers()) {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
}
console.log("customers by status:", Object.fromEntries(statuses));

const ottoline: CustomerWrite = { status: "ACTIVE", first_name: "Ottoline", last_name: "Quay", dob: "1990-04-17" };
console.log("created:", await signUp("20417", ottoline));
console.log("repeated:", await signUp("20417", ottoline));
console.log("born tomorrow:", await signUp("20418", { ...ottoline, dob: "2999-01-01" }));
console.log("misspelt phone number:", await signUp("20419", { ...ottoline, phone_number: "202-555-0143" }));
