import { isSyncteraError } from "synctera-customers";
import { customers } from "../../../lib/customers";
import { customerOfSession } from "../../../lib/session";

export async function GET(request: Request): Promise<Response> {
  const customerId = await customerOfSession();
  if (customerId === undefined) return Response.json({ error: "Unauthorized" }, { status: 401 });
  try {
    const { id, status } = await customers().getCustomer(customerId, { signal: request.signal });
    return Response.json({ id, status });
  } catch (error) {
    if (!isSyncteraError(error)) throw error;
    console.error(error.message); // says what to do, and holds no personal data
    return Response.json({ error: error.name }, { status: 502 });
  }
}
