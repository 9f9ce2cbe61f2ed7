// The way of a request: origin, user, route, role, rate, and only then Synctera. The way back: only
// what the role may read, and never the API key.
import { expose, isPreflight, originOf, preflightResponse } from "./cors.ts";
import type { Env } from "./env.ts";
import { problemOf } from "./errors.ts";
import { holdsKey } from "./key.ts";
import { log } from "./log.ts";
import { Problem } from "./problem.ts";
import { readableResponse } from "./response.ts";
import { routeOf, type Route } from "./routes.ts";
import type { Access, Config, Operation, User } from "./types.ts";
import { callSynctera } from "./upstream.ts";

/** The Worker of a config. */
export function createProxy(config: Config): { fetch(request: Request, env: Env): Promise<Response> } {
  const roles = new Map(Object.entries(config.roles));
  return {
    async fetch(request, env) {
      const start = Date.now();
      const route = routeOf(request.method, new URL(request.url).pathname);
      let origin: string | undefined;
      let response: Response;
      try {
        origin = originOf(request, env);
        response = isPreflight(request) ? preflightResponse() : await answer(request, env, route, config, roles);
      } catch (error) {
        response = problemOf(error).response();
      }
      const isLeak = await holdsKey(response, env.SYNCTERA_API_KEY);
      if (isLeak) response = new Problem(502, { detail: "Synctera's response cannot be passed on." }).response();
      finish(response.headers, origin);
      log({
        method: request.method,
        path: route.template,
        status: response.status,
        ms: Date.now() - start,
        request_id: response.headers.get("x-request-id"),
        ...(isLeak && { key_in_response: true }),
      });
      return response;
    },
  };
}

async function answer(
  request: Request,
  env: Env,
  route: Route,
  config: Config,
  roles: ReadonlyMap<string, Access>,
): Promise<Response> {
  const user = await config.authenticate(request, env);
  if (!user) {
    const detail = "There is no valid session.";
    throw new Problem(401, { code: "UNAUTHENTICATED", detail }, { "www-authenticate": "Bearer" });
  }
  const known = existing(route);
  const role = permitted(user, known, roles);
  await checkRate(user, env, config.limits.retryAfterSeconds);
  return readableResponse(known.operation, await callSynctera(request, env, known, role, config.limits), role);
}

function existing(route: Route): Route & { operation: Operation } {
  const { methods, operation } = route;
  if (methods.length === 0) throw new Problem(404, { code: "RESOURCE_NOT_FOUND", detail: "There is no such path." });
  if (operation === undefined) throw new Problem(405, {}, { allow: methods.join(", ") });
  return { ...route, operation };
}

/** The user's role, if it may do this. */
function permitted(user: User, route: Route & { operation: Operation }, roles: ReadonlyMap<string, Access>): Access {
  const role = roles.get(user.role);
  const isOthers = role?.ownRecordOnly && (route.customerId === undefined || route.customerId !== user.customerId);
  if (!role?.operations.includes(route.operation) || isOthers) {
    throw new Problem(403, { code: "FORBIDDEN", detail: "This session has no right to this." });
  }
  return role;
}

async function checkRate(user: User, env: Env, retryAfter: number): Promise<void> {
  if (!env.RATE_LIMITER || (await env.RATE_LIMITER.limit({ key: user.id })).success) return;
  throw new Problem(
    429,
    { code: "TOO_MANY_REQUESTS", detail: "Too many requests of this user.", retry_after: retryAfter },
    { "retry-after": String(retryAfter) },
  );
}

/** What every response carries, whatever became of the request. */
function finish(headers: Headers, origin: string | undefined): void {
  expose(headers, origin);
  headers.set("cache-control", "no-store");
  headers.set("x-content-type-options", "nosniff");
  // Synctera's, where there is one; else a name to ask by what happened.
  if (!headers.has("x-request-id")) headers.set("x-request-id", crypto.randomUUID());
}
