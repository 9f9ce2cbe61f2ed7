// Two calls, whose spans and durations are printed. A program in operation exports them to a collector instead.
import { metrics, trace } from "@opentelemetry/api";
import { ConsoleMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, ConsoleSpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { CustomersApi } from "synctera-customers";
import { telemetry } from "./telemetry.mjs";

const measurements = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })],
});
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] }));
metrics.setGlobalMeterProvider(measurements);

const baseUrl = process.env.SYNCTERA_BASE_URL ?? "https://api-sandbox.synctera.com/v0";
const api = new CustomersApi({ accessToken: process.env.SYNCTERA_API_KEY, baseUrl, ...telemetry(baseUrl) });

const { id } = await api.createCustomer({ status: "PROSPECT", last_name: "Quay" });
// The local sandbox answers the first attempt with 503; a second span shows the next one.
await api.getCustomer(id, { headers: { "sandbox-fault": "status=503; times=1; id=example" } });
await measurements.shutdown();
