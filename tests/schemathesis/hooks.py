"""Makes most generated requests reach the core of the API.

A generated customer id is unknown, the contract's one example of an idempotency key is sent
with ever new bodies, and no generated tenant is the sandbox's own. Left alone, four of five
requests would end in 404 or 422. So three of four get an existing id, the sandbox's tenant and a
fresh key; the fourth stays unchanged.
"""

import json
import os
import urllib.request
from itertools import count

import schemathesis

TENANT = "qzwxec_mkjnhb"
_numbers = count()
_known_id = None


def known_id():
    """The id of a customer made for this run."""
    global _known_id
    if _known_id is None:
        request = urllib.request.Request(
            os.environ["SANDBOX_URL"] + "/customers",
            data=json.dumps({"status": "PROSPECT"}).encode(),
            headers={
                "Authorization": "Bearer " + os.environ["SANDBOX_TOKEN"],
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            _known_id = json.load(response)["id"]
    return _known_id


@schemathesis.hook
def before_call(context, case, kwargs):
    """Replaces what generation cannot know."""
    number = next(_numbers)
    if number % 4 == 3:
        return
    if "customer_id" in (case.path_parameters or {}):
        case.path_parameters["customer_id"] = known_id()
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = f"schemathesis-{number}"
    if isinstance(case.body, dict) and isinstance(case.body.get("tenant"), str):
        case.body["tenant"] = TENANT
