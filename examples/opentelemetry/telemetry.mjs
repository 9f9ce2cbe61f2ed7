// A span and a duration for each attempt of a call, as OpenTelemetry's semantic conventions for HTTP
// clients name them. Nothing here holds a customer's id, a query, a header or a body.
import { SpanKind, SpanStatusCode, context, metrics, propagation, trace } from "@opentelemetry/api";

/** In seconds, as the conventions advise for `http.client.request.duration`. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * The hooks for one client.
 *
 * @param {string} baseUrl the client's, such as `https://api.synctera.com/v0`
 * @returns {Pick<import("synctera-customers").ClientOptions, "onRequest" | "onResponse">}
 */
export function telemetry(baseUrl) {
  const { hostname, port, protocol } = new URL(baseUrl);
  const server = { "server.address": hostname, "server.port": Number(port || (protocol === "https:" ? 443 : 80)) };
  const tracer = trace.getTracer("synctera-customers");
  const duration = metrics.getMeter("synctera-customers").createHistogram("http.client.request.duration", {
    description: "Duration of HTTP client requests.",
    unit: "s",
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  /** The span of each call's present attempt, by the call's number. */
  const spans = new Map();

  return {
    onRequest({ call, attempt, operation, method, path }) {
      const span = tracer.startSpan(`${method} ${path}`, {
        kind: SpanKind.CLIENT,
        attributes: {
          "http.request.method": method,
          "url.template": path,
          // With the template in place of the id, and without a query: both would hold personal data.
          "url.full": baseUrl + path,
          ...server,
          ...(attempt > 1 && { "http.request.resend_count": attempt - 1 }),
          "synctera.operation": operation,
        },
      });
      spans.set(call, span);
      // The trace goes on at the server: these headers are added to this attempt.
      const headers = {};
      propagation.inject(trace.setSpan(context.active(), span), headers);
      return headers;
    },
    onResponse({ call, ended, method, path, status, requestId, durationMs }) {
      const span = spans.get(call);
      spans.delete(call);
      const isError = ended !== "answered" || status >= 400;
      const result = {
        ...(status !== undefined && { "http.response.status_code": status }),
        ...(isError && { "error.type": ended === "answered" ? String(status) : ended }),
      };
      span?.setAttributes({ ...result, ...(requestId !== undefined && { "synctera.request_id": requestId }) });
      if (isError) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
      duration.record(durationMs / 1000, { "http.request.method": method, "url.template": path, ...server, ...result });
    },
  };
}
