// The first hour in a page: React behind a backend of one's own, with a session in a cookie.
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { CustomersApi, isSyncteraError, type CustomerInBody } from "synctera-customers";

const api = new CustomersApi({
  baseUrl: "/v0",
  credentials: "same-origin",
  headers: { "x-csrf-protection": "1" },
});

function Customers() {
  const [customers, setCustomers] = useState<CustomerInBody[]>([]);
  const [problem, setProblem] = useState("");
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
      setProblem("");
    } catch (error) {
      if (!isSyncteraError(error)) throw error;
      setProblem(error.message);
    }
  };
  const list = () =>
    attempt(async () => setCustomers((await api.listCustomers({ sort_by: ["creation_time:desc"], limit: 5 })).customers));
  const create = () =>
    attempt(async () => {
      const made = await api.createCustomer({ status: "PROSPECT", first_name: "Ottoline", last_name: "Quay" });
      setCustomers((before) => [made, ...before]);
    });
  const logIn = async () => {
    await fetch("/login", { method: "POST" });
    await list();
  };
  useEffect(() => void list(), []);
  return (
    <main>
      <p role="alert">{problem}</p>
      <button onClick={logIn}>Log in</button>
      <button onClick={create}>New customer</button>
      <ul>
        {customers.map(({ id, first_name, last_name }) => (
          <li key={id}>
            {first_name} {last_name}
          </li>
        ))}
      </ul>
    </main>
  );
}

createRoot(document.getElementById("root")!).render(<Customers />);
