// A form that creates a customer. Each submission has one idempotency key: the client repeats it after a transient
// failure, and so does the user while the outcome is unknown, without creating a second customer.
import { useState, type SubmitEvent } from "react";
import { CustomersApi, isSyncteraError, type CustomerWrite } from "synctera-customers";
import { fieldErrors } from "./field-errors.ts";

/** Of this page's origin: the backend adds the API key. */
const api = new CustomersApi({ baseUrl: "/v0", credentials: "same-origin" });

const FIELDS = [
  { name: "first_name", label: "First name", type: "text" },
  { name: "last_name", label: "Last name", type: "text" },
  { name: "dob", label: "Date of birth", type: "date" },
  { name: "email", label: "E-mail", type: "email" },
  { name: "phone_number", label: "Mobile number", type: "tel" },
] as const;

interface Submission {
  customer: CustomerWrite;
  idempotencyKey: string;
}

export function SignUp() {
  /** The submission in flight, or the one whose outcome is unknown. */
  const [submission, setSubmission] = useState<Submission>();
  const [message, setMessage] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});

  async function send(submission: Submission) {
    const { customer, idempotencyKey } = submission;
    setSubmission(submission);
    setErrors({});
    setMessage("Sending…");
    try {
      const { id } = await api.createCustomer(customer, { idempotencyKey });
      setMessage(`Welcome! Your customer number is ${id}.`);
    } catch (error) {
      if (!isSyncteraError(error)) throw error;
      if (error.outcome === "unknown") return setMessage("We could not reach our bank. Nothing is created twice:");
      setErrors(fieldErrors(error));
      setMessage("Please correct your details.");
    }
    setSubmission(undefined);
  }

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    void send({ customer: customerOf(new FormData(event.currentTarget)), idempotencyKey: crypto.randomUUID() });
  }

  const isRepeatable = submission !== undefined && message !== "Sending…";
  return (
    <form onSubmit={submit}>
      <fieldset disabled={submission !== undefined}>
        {FIELDS.map(({ name, label, type }) => (
          <p key={name}>
            <label>
              {label} <input name={name} type={type} aria-invalid={name in errors} aria-describedby={`${name}-error`} />
            </label>{" "}
            <span id={`${name}-error`}>{errors[name]}</span>
          </p>
        ))}
        <button>Sign up</button>
      </fieldset>
      <p role="status">
        {message} {isRepeatable && <button type="button" onClick={() => send(submission)}>Try again</button>}
      </p>
    </form>
  );
}

/** The fields that were filled in. */
function customerOf(form: FormData): CustomerWrite {
  const filled = FIELDS.flatMap(({ name }) => (form.get(name) ? [[name, String(form.get(name))]] : []));
  return { status: "ACTIVE", ...Object.fromEntries(filled) };
}
