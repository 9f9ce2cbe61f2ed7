//! The sandbox in process, for `synctera-customers/testing`: what `pkg/testing.js` drives.
//!
//! This is a thin wrapper: all rules are in `synctera-sandbox-core`. JavaScript keeps the time, waits,
//! and makes responses that break off.

use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use synctera_sandbox_core::{
    access::Access,
    api::{Request, body_size_error},
    bounds,
    event::Event,
    fault::{self, Delivery, Faults, Part},
    in_process::{self, InProcess},
    instant::Instant,
    lottery::Lottery,
    memory::MemoryStore,
    random::Random,
    route::{Call, Route},
    rules::{ReadOnlyFields, Rules},
    seed,
    signature::sign,
};
use uuid::Uuid;
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What a sandbox is made of. `pkg/entries/testing.d.ts` has the defaults.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    seed: u64,
    customers: u64,
    token: String,
    forbidden_token: String,
    tenant: String,
    strict_active: bool,
    ignore_read_only_fields: bool,
    concurrent_use_status: u16,
    random_faults: String,
    webhook_secret: String,
    webhook_url: String,
    loopback_only: bool,
}

/// Everything that changes while a sandbox runs, but for requests on their way.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    now: i64,
    random: u64,
    store: String,
}

/// A fault for requests that ask for none.
struct Scheduled {
    /// The operation; all if none.
    operation: Option<String>,
    times: u32,
    fault: HeaderValue,
}

/// A webhook that is to be delivered.
struct Webhook {
    event: Event,
    id: Uuid,
    at: Instant,
}

/// A sandbox.
#[wasm_bindgen]
pub struct Sandbox {
    settings: Settings,
    inner: InProcess,
    /// The present moment: that of the host, and later for each request, so that no two customers
    /// are created at the same time.
    now: Instant,
    scheduled: Vec<Scheduled>,
    webhook: Uuid,
    webhooks: Vec<Webhook>,
}

/// A request on its way.
#[wasm_bindgen]
pub struct Exchange {
    inner: in_process::Exchange,
    operation: &'static str,
    fault: String,
    body: Vec<u8>,
}

fn error(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

#[wasm_bindgen]
impl Sandbox {
    /// Made of settings as JSON, at `micros` since 1970.
    ///
    /// # Errors
    /// What is wrong with the settings.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, micros: f64) -> Result<Self, JsError> {
        let settings: Settings = serde_json::from_str(settings).map_err(error)?;
        let mut random = Random(settings.seed);
        let webhook = random.uuid();
        let people = (0..settings.customers)
            .map(|number| seed::person(settings.seed, number, &settings.tenant));
        let store = MemoryStore::of(people).map_err(error)?;
        let access = Access::new(
            &settings.token,
            std::slice::from_ref(&settings.forbidden_token),
        );
        let rules = Rules {
            tenant: settings.tenant.clone(),
            strict_active: settings.strict_active,
            read_only_fields: if settings.ignore_read_only_fields {
                ReadOnlyFields::Ignore
            } else {
                ReadOnlyFields::Reject
            },
            concurrent_use_status: settings.concurrent_use_status,
        };
        let lottery = Lottery::parse(&settings.random_faults, settings.seed).map_err(error)?;
        let mut inner = InProcess::new(store, access, rules, random);
        inner.api.is_any_host = !settings.loopback_only;
        inner.faults = Faults::with_lottery(lottery);
        Ok(Self {
            settings,
            inner,
            now: at(micros),
            scheduled: Vec::new(),
            webhook,
            webhooks: Vec::new(),
        })
    }

    /// Gives the next `times` requests of an operation, or of any, a fault in the grammar of the
    /// `Sandbox-Fault` header, unless they ask for one.
    ///
    /// # Errors
    /// What is wrong with the fault.
    pub fn fail(
        &mut self,
        operation: Option<String>,
        times: u32,
        fault: &str,
    ) -> Result<(), JsError> {
        fault::parse(fault).map_err(|problem| error(problem.detail))?;
        self.scheduled.push(Scheduled {
            operation,
            times,
            fault: HeaderValue::from_str(fault).map_err(error)?,
        });
        Ok(())
    }

    /// Takes a request: `head` is a line of method and target, and then one for each header, its name,
    /// a colon and its value.
    ///
    /// # Errors
    /// What of it no HTTP request can hold.
    pub fn open(&mut self, head: &str, body: Vec<u8>) -> Result<Exchange, JsError> {
        let mut request = request(head, body)?;
        let call = Route::of(request.uri().path()).call(request.method());
        self.schedule(call, &mut request);
        let fault = request.headers().get(fault::HEADER);
        let fault = fault.and_then(|fault| fault.to_str().ok());
        Ok(Exchange {
            operation: call.map_or("", Call::name),
            fault: fault.unwrap_or_default().to_owned(),
            inner: self.inner.open(request),
            body: Vec::new(),
        })
    }

    /// Gives a request the fault that is scheduled for it.
    fn schedule(&mut self, call: Option<Call>, request: &mut Request) {
        if self.scheduled.is_empty() || request.headers().contains_key(fault::HEADER) {
            return;
        }
        let name = call.map(Call::name);
        let is_due = |scheduled: &Scheduled| {
            let of = scheduled.operation.as_deref();
            of.is_none() || of == name
        };
        if let Some(place) = self.scheduled.iter().position(is_due) {
            let scheduled = &mut self.scheduled[place];
            scheduled.times -= 1;
            let fault = scheduled.fault.clone();
            if scheduled.times == 0 {
                self.scheduled.remove(place);
            }
            request.headers_mut().insert(fault::HEADER, fault);
        }
    }

    /// Begins to handle a request; says whether there was anything left to begin.
    pub fn begin(&mut self, exchange: &mut Exchange, micros: f64) -> bool {
        let now = self.pass(micros);
        self.inner.begin(&mut exchange.inner, now)
    }

    /// Handles what was begun.
    ///
    /// # Errors
    /// When a record cannot be read or written as JSON.
    pub fn finish(&mut self, exchange: &mut Exchange, micros: f64) -> Result<(), JsError> {
        let now = self.pass(micros);
        self.inner.finish(&mut exchange.inner, now).map_err(error)?;
        for event in self.inner.take_events() {
            let id = self.inner.random.uuid();
            self.webhooks.push(Webhook { event, id, at: now });
        }
        Ok(())
    }

    fn pass(&mut self, micros: f64) -> Instant {
        self.now = at(micros).max(Instant(self.now.0 + 1));
        self.now
    }

    /// All customers, as a JSON array.
    #[must_use]
    pub fn customers(&self) -> String {
        let documents: Vec<&[u8]> = self.inner.store.documents().collect();
        format!("[{}]", String::from_utf8_lossy(&documents.join(&b',')))
    }

    /// How many webhooks there are.
    #[wasm_bindgen(getter, js_name = webhookCount)]
    #[must_use]
    pub fn webhook_count(&self) -> usize {
        self.webhooks.len()
    }

    /// A webhook: its timestamp, its signature and its body, joined by line breaks.
    #[must_use]
    pub fn webhook(&self, number: usize) -> Option<String> {
        let Webhook { event, id, at } = self.webhooks.get(number)?;
        let Settings {
            webhook_secret,
            webhook_url,
            ..
        } = &self.settings;
        let timestamp = (at.0 / 1_000_000).to_string();
        let body = event.envelope(*id, self.webhook, webhook_url);
        let signature = sign(webhook_secret, &timestamp, body.as_bytes());
        Some(format!("{timestamp}\n{signature}\n{body}"))
    }

    /// Forgets the faults that are scheduled, and the webhooks.
    pub fn forget(&mut self) {
        self.scheduled.clear();
        self.webhooks.clear();
    }

    /// Everything that the sandbox holds, as JSON.
    ///
    /// # Errors
    /// When a record cannot be written as JSON.
    pub fn snapshot(&self) -> Result<String, JsError> {
        let snapshot = Snapshot {
            now: self.now.0,
            random: self.inner.random.0,
            store: self.inner.store.to_json().map_err(error)?,
        };
        serde_json::to_string(&snapshot).map_err(error)
    }

    /// Goes back to a snapshot; gives its moment in microseconds since 1970.
    ///
    /// # Errors
    /// When the text is of something else.
    pub fn restore(&mut self, snapshot: &str) -> Result<f64, JsError> {
        let snapshot: Snapshot = serde_json::from_str(snapshot).map_err(error)?;
        self.inner.store = MemoryStore::from_json(&snapshot.store).map_err(error)?;
        self.inner.random = Random(snapshot.random);
        self.now = Instant(snapshot.now);
        self.forget();
        #[expect(clippy::cast_precision_loss, reason = "exact until the year 2255")]
        Ok(snapshot.now as f64)
    }
}

#[wasm_bindgen]
impl Exchange {
    /// The operation of the contract; empty if the request is of none.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn operation(&self) -> String {
        self.operation.to_owned()
    }

    /// Whether the request names a fault, or has one that was scheduled or drawn.
    #[wasm_bindgen(getter, js_name = isDisturbed)]
    #[must_use]
    pub fn is_disturbed(&self) -> bool {
        let is_whole = self.inner.delivery() == Delivery::Whole;
        let waits = self.inner.delay().is_some() || self.inner.hold().is_some();
        !self.fault.is_empty() || !is_whole || waits
    }

    /// The fault, in the grammar of the `Sandbox-Fault` header; empty if it was drawn.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn fault(&self) -> String {
        self.fault.clone()
    }

    /// Milliseconds to wait before anything else.
    #[wasm_bindgen(getter, js_name = delayMs)]
    #[must_use]
    pub fn delay_ms(&self) -> f64 {
        self.inner
            .delay()
            .map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }

    /// Milliseconds to wait while the request is handled.
    #[wasm_bindgen(getter, js_name = holdMs)]
    #[must_use]
    pub fn hold_ms(&self) -> f64 {
        self.inner
            .hold()
            .map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }

    /// How the response travels: `whole`, `dropBefore`, `dropAfter`, `truncate`, `stallHeaders` or
    /// `stallBody`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn delivery(&self) -> String {
        let delivery = match self.inner.delivery() {
            Delivery::Whole => "whole",
            Delivery::DropBefore => "dropBefore",
            Delivery::DropAfter => "dropAfter",
            Delivery::Truncate(_) => "truncate",
            Delivery::Stall(Part::Headers, _) => "stallHeaders",
            Delivery::Stall(Part::Body, _) => "stallBody",
        };
        delivery.to_owned()
    }

    /// How many bytes of the body are sent, or for how many milliseconds it stalls; none for ever.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn amount(&self) -> Option<f64> {
        match self.inner.delivery() {
            Delivery::Truncate(bytes) => u32::try_from(bytes).ok().map(f64::from),
            Delivery::Stall(_, time) => time.map(|time| time.as_secs_f64() * 1_000.0),
            Delivery::Whole | Delivery::DropBefore | Delivery::DropAfter => None,
        }
    }

    /// Makes the response: a line of its status, one for each header, an empty one, and the body.
    #[must_use]
    pub fn respond(&mut self) -> String {
        let Some(response) = self.inner.response() else {
            return String::new();
        };
        let (parts, body) = response.into_parts();
        let mut text = format!("{}\n", parts.status.as_u16());
        for (name, value) in &parts.headers {
            text.push_str(name.as_str());
            text.push(':');
            text.push_str(value.to_str().unwrap_or_default());
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(&body));
        self.body = body;
        text
    }

    /// The response's body, the first `length` bytes of it.
    #[must_use]
    pub fn bytes(&self, length: usize) -> Vec<u8> {
        self.body[..length.min(self.body.len())].to_vec()
    }
}

/// Fictional customer number `number` of a seed, as a JSON body to create it with.
///
/// # Errors
/// When a record cannot be written as JSON.
#[wasm_bindgen(js_name = fakeCustomer)]
pub fn fake_customer(seed: f64, number: f64) -> Result<String, JsError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, from 0"
    )]
    let body = seed::body(seed as u64, number as u64);
    serde_json::to_string(&body).map_err(error)
}

fn at(micros: f64) -> Instant {
    #[expect(clippy::cast_possible_truncation, reason = "exact until the year 2255")]
    Instant(micros as i64)
}

/// A request out of its head, as [`Sandbox::open`] takes it, and its body.
fn request(head: &str, body: Vec<u8>) -> Result<Request, JsError> {
    let mut request = Request::new(if body.len() > bounds::BODY {
        Err(body_size_error())
    } else {
        Ok(body)
    });
    let mut lines = head.split('\n').filter(|line| !line.is_empty());
    let (method, target) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .unwrap_or_default();
    *request.method_mut() = method.parse().map_err(error)?;
    *request.uri_mut() = target.parse().map_err(error)?;
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let name: HeaderName = name.parse().map_err(error)?;
        // As `fetch` sends it: each character up to U+00FF is a byte.
        let bytes: Vec<u8> = value.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        request
            .headers_mut()
            .append(name, HeaderValue::from_bytes(&bytes).map_err(error)?);
    }
    Ok(request)
}
