// What must hold of Next.js besides the scenario: nothing of customers is cached, every write is sent, and its own
// control flow passes through the client.
import { byHand, holdsNowhere, readsAnew, textOf } from "./places.mjs";

/** How a step ends that reads twice. */
export const AFTER_A_CHANGE = "a customer is read again after a change";

export const NEXT_CHECKS = {
  [`in a dynamic server component ${AFTER_A_CHANGE}`]: readsAnew((id) => `/customer/${id}`),
  [`in a server component that says nothing ${AFTER_A_CHANGE}`]: readsAnew((id) => `/plain/${id}`),
  async "the same update is sent again when it is made again"({ url, api }) {
    const { id } = await api.createCustomer({ status: "INACTIVE", first_name: "Before" });
    await textOf(`${url}/update/${id}`);
    await api.patchCustomer(id, { first_name: "Between" });
    await textOf(`${url}/update/${id}`);
    const { first_name } = await api.getCustomer(id);
    if (first_name !== "Written") throw new Error(`the customer is called ${first_name}`);
  },
  async "redirect() in the token's function is Next's to follow"({ url }) {
    const { status, headers } = await fetch(`${url}/guarded`, { redirect: "manual" });
    if (status !== 307 || !headers.get("location")?.endsWith("/signed-out")) throw new Error(`answered with ${status}`);
  },
  async "a server action creates one customer"({ url, api }) {
    const last_name = `Action-${Date.now()}`;
    await byHand(`${url}/action`, async (page) => {
      await page.fill("[name=last_name]", last_name);
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await page.click("button");
      await answered;
    });
    const { customers } = await api.listCustomers({ last_name });
    if (customers.length !== 1) throw new Error(`there are ${customers.length}`);
  },
  async "nothing of a customer is in Next's cache"({ folder, url, api }) {
    const first_name = `Canary${Date.now()}`;
    const { id } = await api.createCustomer({ status: "ACTIVE", first_name });
    for (const page of ["customer", "plain"]) await textOf(`${url}/${page}/${id}`);
    await holdsNowhere(`${folder}/.next`, first_name);
  },
};
