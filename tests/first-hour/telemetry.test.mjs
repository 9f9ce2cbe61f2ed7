// `examples/opentelemetry` with OpenTelemetry's own SDK and exporters in memory, against the sandbox.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { SpanKind, SpanStatusCode, metrics, propagation, trace } from "@opentelemetry/api";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { createProject, run } from "./project.mjs";

const spans = new InMemorySpanExporter();
const measurements = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter: measurements, exportIntervalMillis: 60_000 });
/** A copy of the example. */
let folder;
/** What `fetch` was given for each attempt. */
const requests = [];
let sandbox;
let customer;

before(async () => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  // As W3C's propagator of @opentelemetry/core writes it.
  propagation.setGlobalPropagator({
    fields: () => ["traceparent"],
    extract: (context) => context,
    inject(context, carrier, setter) {
      const { traceId, spanId } = trace.getSpanContext(context);
      setter.set(carrier, "traceparent", `00-${traceId}-${spanId}-01`);
    },
  });
  sandbox = await startSandbox();
  folder = await createProject("../../examples/opentelemetry", ["@opentelemetry/api", "@opentelemetry/sdk-metrics", "@opentelemetry/sdk-trace-base"]);
  const { telemetry } = await import(pathToFileURL(`${folder}/telemetry.mjs`).href);
  const { CustomersApi } = await import(pathToFileURL(`${process.env.CONSUMER}/node_modules/synctera-customers/entries/node.js`).href);
  const fetchAndKeep = (url, init) => {
    requests.push(init.headers);
    return fetch(url, init);
  };
  const { baseUrl } = sandbox;
  const api = new CustomersApi({ accessToken: sandbox.token, baseUrl, fetch: fetchAndKeep, ...telemetry(baseUrl) });
  customer = await api.createCustomer({ status: "PROSPECT", last_name: "Quay" });
  await api.getCustomer(customer.id, { headers: { "sandbox-fault": "status=503; times=1; id=telemetry" } });
  await api.listCustomers({ last_name: "Qu*" }).then(() => {});
  await api.getCustomer(customer.id, { maxRetries: 0, headers: { "sandbox-fault": "drop=before" } }).catch(() => {});
  await reader.forceFlush();
});

after(async () => {
  await reader.shutdown();
  sandbox?.stop();
});

describe("a trace", () => {
  it("has a client span for each attempt, named and described as the conventions have it", () => {
    const url = new URL(sandbox.baseUrl);
    const common = { "server.address": url.hostname, "server.port": Number(url.port) };
    const item = { "http.request.method": "GET", "url.template": "/customers/{customer_id}", "url.full": `${sandbox.baseUrl}/customers/{customer_id}`, "synctera.operation": "getCustomer", ...common };
    const all = { ...item, "url.template": "/customers", "url.full": `${sandbox.baseUrl}/customers` };
    assert.deepEqual(
      spans.getFinishedSpans().map(({ name, kind, status, attributes: { "synctera.request_id": _, ...attributes } }) => ({ name, kind, status: status.code, attributes })),
      [
        ["POST /customers", 0, { ...all, "http.request.method": "POST", "synctera.operation": "createCustomer", "http.response.status_code": 201 }],
        ["GET /customers/{customer_id}", 2, { ...item, "http.response.status_code": 503, "error.type": "503" }],
        ["GET /customers/{customer_id}", 0, { ...item, "http.request.resend_count": 1, "http.response.status_code": 200 }],
        ["GET /customers", 0, { ...all, "synctera.operation": "listCustomers", "http.response.status_code": 200 }],
        ["GET /customers/{customer_id}", 2, { ...item, "error.type": "unreachable" }],
      ].map(([name, status, attributes]) => ({ name, kind: SpanKind.CLIENT, status, attributes })),
    );
    assert.equal(SpanStatusCode.ERROR, 2);
  });

  it("goes on at the server: each attempt carries its own span", () => {
    const own = spans.getFinishedSpans().map((span) => span.spanContext());
    assert.deepEqual(requests.map(({ traceparent }) => traceparent), own.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`));
  });

  it("holds no id of a customer and no query", () => {
    const shown = JSON.stringify(spans.getFinishedSpans().map(({ name, attributes }) => [name, attributes]));
    assert.ok(!shown.includes(customer.id) && !shown.includes("Qu*") && !shown.includes("Quay"));
  });
});

describe("a metric", () => {
  it("counts the attempts by what came of them, in seconds", () => {
    const [{ scopeMetrics }] = measurements.getMetrics();
    const [{ descriptor, dataPoints }] = scopeMetrics[0].metrics;
    assert.deepEqual([descriptor.name, descriptor.unit], ["http.client.request.duration", "s"]);
    const counts = dataPoints.map(({ attributes, value }) => [attributes["http.response.status_code"], attributes["error.type"], value.count]);
    assert.equal(counts.reduce((sum, [, , count]) => sum + count, 0), 5);
    assert.ok(counts.some(([status, type]) => status === 503 && type === "503"));
    assert.ok(counts.some(([status, type]) => status === undefined && type === "unreachable"));
  });
});

describe("the example", () => {
  it("starts by `npm start`, and prints the spans and the durations of its calls", async () => {
    const { code, stdout, printed } = await run(folder, "npm", ["start"]);
    assert.equal(code, 0, printed);
    const spans = [...stdout.matchAll(/^  name: '(.*)',$/gm)].map(([, name]) => name);
    assert.deepEqual(spans, ["POST /customers", "GET /customers/{customer_id}", "GET /customers/{customer_id}"]);
    assert.match(stdout, /'error\.type': '503'/);
    assert.match(stdout, /name: 'http\.client\.request\.duration'/);
    assert.ok(!stdout.includes("Quay"));
  });
});
