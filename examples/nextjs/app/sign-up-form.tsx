"use client";
import { useActionState } from "react";
import { FIELDS } from "../lib/fields";
import { signUp, type FormState } from "./actions";

export function SignUpForm({ idempotencyKey }: { idempotencyKey: string }) {
  const initial: FormState = { values: {}, errors: {}, message: "", idempotencyKey, isUnknown: false };
  const [state, action, isPending] = useActionState(signUp, initial);
  return (
    <form action={action}>
      <input type="hidden" name="key" value={state.idempotencyKey} />
      {FIELDS.map(({ name, label, type }) => (
        <p key={name}>
          <label>
            {label}{" "}
            <input
              name={name}
              type={type}
              defaultValue={state.values[name]}
              // Other values under the same key would be another request.
              readOnly={state.isUnknown}
              aria-invalid={name in state.errors}
              aria-describedby={`${name}-error`}
            />
          </label>{" "}
          <span id={`${name}-error`}>{state.errors[name]}</span>
        </p>
      ))}
      <button disabled={isPending}>{state.isUnknown ? "Try again" : "Sign up"}</button>
      <p role="status">{state.message}</p>
    </form>
  );
}
