// Creates a customer, reads it, and shows what a rejected change says.
import { CustomersApi, isSyncteraError } from "synctera-customers";

const api = new CustomersApi({
  accessToken: Deno.env.get("SYNCTERA_API_KEY"),
  baseUrl: Deno.env.get("SYNCTERA_BASE_URL"), // not set: Synctera's sandbox
});

const { id } = await api.createCustomer({ status: "ACTIVE", first_name: "Ottoline" });
const { status } = await api.getCustomer(id);
console.log("created and read:", id, status);

try {
  await api.patchCustomer(id, { status: "PROSPECT" });
} catch (error) {
  if (!isSyncteraError(error, "ApiError")) throw error;
  console.log(`${error.code}, accepted from here: ${error.validStatus.join(", ")}`);
}
