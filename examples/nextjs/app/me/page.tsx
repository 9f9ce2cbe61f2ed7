import { redirect } from "next/navigation";
import { customers } from "../../lib/customers";
import { customerOfSession } from "../../lib/session";

export default async function Page() {
  const id = await customerOfSession();
  if (id === undefined) redirect("/");
  const { first_name, status } = await customers().getCustomer(id);
  return (
    <p>
      Welcome, {first_name}! Your status is {status}.
    </p>
  );
}
