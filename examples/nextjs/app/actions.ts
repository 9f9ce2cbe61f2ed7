"use server";
// Server actions. They are public endpoints: anyone may sign up, and nothing else.
import { redirect } from "next/navigation";
import { isSyncteraError } from "synctera-customers";
import { customers } from "../lib/customers";
import { fieldErrors } from "../lib/field-errors";
import { FIELDS } from "../lib/fields";
import { startSession } from "../lib/session";

export interface FormState {
  /** What the user typed, shown again. */
  values: Record<string, string>;
  errors: Record<string, string>;
  message: string;
  /** Kept while the outcome is unknown, so that another try creates no second customer. */
  idempotencyKey: string;
  isUnknown: boolean;
}

export async function signUp(_: FormState, form: FormData): Promise<FormState> {
  const values = Object.fromEntries(FIELDS.map(({ name }) => [name, String(form.get(name) ?? "")]));
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
      return { values, errors: {}, message, idempotencyKey, isUnknown: true };
    }
    // The API keeps a rejection under its key: corrected details need another.
    const errors = fieldErrors(error);
    const message = "Please correct your details.";
    return { values, errors, message, idempotencyKey: crypto.randomUUID(), isUnknown: false };
  }
  await startSession(customerId);
  redirect("/me");
}
