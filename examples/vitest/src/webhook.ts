// The app's own code: what it does with a webhook of Synctera's.
import { WebhookError, isCustomerEvent, unwrap } from "synctera-customers/webhooks";

export type Refresh = (customerId: string) => void;

/** Calls `refresh` with the id of a customer who has changed. */
export async function receive(request: Request, secret: string, refresh: Refresh): Promise<Response> {
  try {
    const event = await unwrap(await request.text(), request.headers, { secrets: secret });
    // Events come more than once and in no promised order: the id is enough.
    if (isCustomerEvent(event) && event.resource_id) refresh(event.resource_id);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (error instanceof WebhookError) return new Response(null, { status: 401 });
    throw error;
  }
}
