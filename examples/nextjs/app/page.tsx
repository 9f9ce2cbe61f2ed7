import { connection } from "next/server";
import { SignUpForm } from "./sign-up-form";

export default async function Page() {
  // Rendered for each request: a page made by the build would have one idempotency key for all users.
  await connection();
  return <SignUpForm idempotencyKey={crypto.randomUUID()} />;
}
