import { fail, redirect } from "@sveltejs/kit";
import { isSyncteraError } from "synctera-customers";
import { FIELDS } from "#lib/fields.ts";
import { customers, fieldErrors } from "#lib/server/customers.ts";
import { startSession } from "#lib/server/session.ts";
import type { Actions, PageServerLoad } from "./$types";

/** Each form has its key: however often it is sent, it creates one customer. */
export const load: PageServerLoad = () => ({ idempotencyKey: crypto.randomUUID() });

export const actions: Actions = {
  /** Anyone may sign up. */
  async default({ request, cookies }) {
    const form = await request.formData();
    const values: Record<string, string> = Object.fromEntries(FIELDS.map(({ name }) => [name, String(form.get(name) ?? "")]));
    const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
    const idempotencyKey = String(form.get("key"));
    let customerId: string;
    try {
      ({ id: customerId } = await customers().createCustomer({ ...filled, status: "ACTIVE" }, { idempotencyKey }));
    } catch (error) {
      if (!isSyncteraError(error)) throw error;
      console.error(error.message); // says what to do, and holds no personal data
      if (error.outcome === "unknown") {
        const message = "We could not reach our bank. Please try again: nothing is created twice.";
        return fail(502, { values, errors: {} as Record<string, string>, message, idempotencyKey, isUnknown: true });
      }
      // The API keeps a rejection under its key: corrected details need another.
      const next = { idempotencyKey: crypto.randomUUID(), isUnknown: false };
      return fail(400, { values, errors: fieldErrors(error), message: "Please correct your details.", ...next });
    }
    await startSession(cookies, customerId);
    redirect(303, "/me");
  },
};
