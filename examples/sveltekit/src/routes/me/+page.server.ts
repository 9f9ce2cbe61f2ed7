import { redirect } from "@sveltejs/kit";
import { customers } from "#lib/server/customers.ts";
import { customerOfSession } from "#lib/server/session.ts";
import type { PageServerLoad } from "./$types";

export const load: PageServerLoad = async ({ cookies }) => {
  const id = await customerOfSession(cookies);
  if (id === undefined) redirect(303, "/");
  const { first_name, status } = await customers().getCustomer(id);
  return { first_name, status };
};
