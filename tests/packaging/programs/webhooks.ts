// The webhooks' entry, used as a receiver would.
import { WebhookError, isCustomerEvent, isPersonEvent, sign, unwrap, verify } from "synctera-customers/webhooks";
import type { CustomerEvent, PersonEvent, RawBody, WebhookEvent, WebhookHeaders, WebhookOptions } from "synctera-customers/webhooks";

const options: WebhookOptions = { secrets: ["new", "old"], toleranceMs: 60_000 };

export async function receive(body: RawBody, headers: WebhookHeaders): Promise<string | undefined> {
  try {
    const event: WebhookEvent = await unwrap(body, headers, options);
    if (isCustomerEvent(event)) {
      const customer: CustomerEvent = event;
      return customer.event_resource?.status ?? customer.event_resource_changed_fields?.email;
    }
    if (isPersonEvent(event)) {
      const person: PersonEvent = event;
      return person.resource_id;
    }
    return event.type;
  } catch (error) {
    if (error instanceof WebhookError) return error.reason satisfies string;
    throw error;
  }
}

export async function test(): Promise<boolean> {
  const headers = await sign("{}", { secrets: "s", timestampMs: 0 });
  const lists: WebhookHeaders[] = [["Request-Timestamp", "1"], [["Request-Timestamp", "1"]], { a: ["b"], c: undefined }];
  return lists.length > 0 && verify("{}", headers, { secrets: "s" });
}

// @ts-expect-error the secret is missing
void unwrap("{}", {}, {});
// @ts-expect-error a parsed body cannot be checked
void verify({ id: "e-1" }, {}, options);
