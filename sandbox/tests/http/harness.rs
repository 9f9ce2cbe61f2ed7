//! A sandbox of the test's own, and a small client.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    thread::JoinHandle,
};

use serde_json::{Value, json};
use synctera_sandbox::{
    clock,
    core::{access::Access, instant::Instant, rules::Rules},
    http::{App, app},
    limits::Limits,
    server::serve,
    service::Service,
    store::{SqliteStore, Store},
};
use tokio::{net::TcpListener, sync::oneshot};
use uuid::Uuid;

pub(crate) const TOKEN: &str = "6b1f0c7e-8a52-4f0e-9d3b-2c5a7e9f1d04";
pub(crate) const FORBIDDEN: &str = "f0f0f0f0-0000-4000-8000-000000000000";
pub(crate) const TENANT: &str = "qzwxec_mkjnhb";

/// Any id that no customer has.
pub(crate) const UNKNOWN_ID: &str = "00000000-0000-4000-8000-000000000000";

/// A running sandbox, stopped when dropped.
pub(crate) struct Sandbox {
    pub(crate) address: SocketAddr,
    pub(crate) store: Arc<SqliteStore>,
    log: Arc<Mutex<Vec<String>>>,
    clock: Arc<AtomicI64>,
    agent: ureq::Agent,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        Self::with(Rules::default())
    }

    pub(crate) fn with(rules: Rules) -> Self {
        Self::over(SqliteStore::in_memory().unwrap(), rules)
    }

    pub(crate) fn over(store: SqliteStore, rules: Rules) -> Self {
        Self::run(store, rules, Limits::default(), |app| app)
    }

    pub(crate) fn limited(limits: Limits) -> Self {
        let store = SqliteStore::in_memory().unwrap();
        Self::run(store, Rules::default(), limits, |app| app)
    }

    /// One whose service sees the store as `wrap` makes it.
    pub(crate) fn wrapped(
        limits: Limits,
        wrap: impl FnOnce(Arc<SqliteStore>) -> Arc<dyn Store>,
    ) -> Self {
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        let shown = wrap(Arc::clone(&store));
        Self::serve(store, shown, Rules::default(), limits, |app| app)
    }

    /// One that answers to whatever name it is called by.
    pub(crate) fn of_any_name() -> Self {
        let store = SqliteStore::in_memory().unwrap();
        Self::run(
            store,
            Rules::default(),
            Limits::default(),
            App::with_any_host,
        )
    }

    fn run(
        store: SqliteStore,
        rules: Rules,
        limits: Limits,
        change: impl FnOnce(App) -> App,
    ) -> Self {
        let store = Arc::new(store);
        Self::serve(Arc::clone(&store), store, rules, limits, change)
    }

    fn serve(
        store: Arc<SqliteStore>,
        shown: Arc<dyn Store>,
        rules: Rules,
        limits: Limits,
        change: impl FnOnce(App) -> App,
    ) -> Self {
        let log = Arc::new(Mutex::new(Vec::new()));
        let clock = Arc::new(AtomicI64::new(0));
        let router = {
            let passed = Arc::clone(&clock);
            let log = Arc::clone(&log);
            let time = move || Instant(clock::now().0 + passed.load(Ordering::SeqCst));
            let service = Service::new(shown, rules, Arc::new(time), Arc::new(Uuid::new_v4));
            let access = Access::new(TOKEN, &[FORBIDDEN.to_owned()]);
            let write = move |line: &str| log.lock().unwrap().push(line.to_owned());
            app(change(
                App::new(service, access, Arc::new(write)).with_limits(limits),
            ))
        };
        let (stop, stopped) = oneshot::channel();
        let (sender, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    () = serve(listener, router, limits, std::future::pending()) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        });
        Self {
            address: address.recv().unwrap(),
            store,
            log,
            clock,
            agent: agent(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Moves the sandbox's clock forward.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> Call {
        Call::new(
            &self.agent,
            &format!("http://{}", self.address),
            method,
            path,
        )
        .header("Authorization", &format!("Bearer {TOKEN}"))
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.request("GET", path).send()
    }

    /// The list with this query.
    pub(crate) fn list(&self, query: &str) -> Reply {
        self.get(&format!("/v0/customers?{query}"))
    }

    pub(crate) fn post(&self, body: &Value) -> Reply {
        self.request("POST", "/v0/customers").json(body)
    }

    pub(crate) fn patch(&self, id: &str, body: &Value) -> Reply {
        self.request("PATCH", &format!("/v0/customers/{id}"))
            .json(body)
    }

    pub(crate) fn put(&self, id: &str, body: &Value) -> Reply {
        self.request("PUT", &format!("/v0/customers/{id}"))
            .json(body)
    }

    /// A new customer; its body as the sandbox returned it.
    pub(crate) fn created(&self, body: &Value) -> Value {
        let reply = self.post(body);
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()
    }

    /// The id of a new customer.
    pub(crate) fn created_id(&self, body: &Value) -> String {
        self.created(body)["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().unwrap().join();
    }
}

pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .timeout_global(Some(std::time::Duration::from_secs(20)))
        .build()
        .into()
}

/// A request in the making.
#[derive(Clone)]
pub(crate) struct Call {
    agent: ureq::Agent,
    builder: Vec<(String, String)>,
    method: String,
    url: String,
}

impl Call {
    pub(crate) fn new(agent: &ureq::Agent, origin: &str, method: &str, path: &str) -> Self {
        Self {
            agent: agent.clone(),
            builder: Vec::new(),
            method: method.to_owned(),
            url: format!("{origin}{path}"),
        }
    }

    /// Sets a header; an empty value takes it away.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.builder
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        if !value.is_empty() {
            self.builder.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    pub(crate) fn fault(self, fault: &str) -> Self {
        self.header("Sandbox-Fault", fault)
    }

    pub(crate) fn send(self) -> Reply {
        self.body("")
    }

    pub(crate) fn json(self, body: &Value) -> Reply {
        self.header("Content-Type", "application/json")
            .body(&body.to_string())
    }

    pub(crate) fn body(self, body: &str) -> Reply {
        self.try_body(body).unwrap()
    }

    pub(crate) fn try_json(self, body: &Value) -> Result<Reply, ureq::Error> {
        self.header("Content-Type", "application/json")
            .try_body(&body.to_string())
    }

    pub(crate) fn try_body(self, body: &str) -> Result<Reply, ureq::Error> {
        let mut request = ureq::http::Request::builder()
            .method(self.method.as_str())
            .uri(&self.url);
        for (name, value) in &self.builder {
            request = request.header(name, value);
        }
        let mut response = if body.is_empty() && !matches!(&*self.method, "POST" | "PATCH" | "PUT")
        {
            self.agent.run(request.body(()).unwrap())?
        } else {
            self.agent.run(request.body(body.to_owned()).unwrap())?
        };
        Ok(Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.body_mut().read_to_string()?,
        })
    }
}

/// A response that was read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// A header, or the empty string.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub(crate) fn warnings(&self) -> Vec<&str> {
        self.headers
            .get_all("sandbox-warning")
            .iter()
            .map(|v| v.to_str().unwrap())
            .collect()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The body, after checking that the request succeeded.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{} {}",
            self.status,
            self.text
        );
        assert_eq!(self.header("content-type"), "application/json");
        self.json()
    }

    /// Checks status, media type and code; gives the problem.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["code"].as_str().unwrap_or(""), code);
        assert!(problem["detail"].is_string() && problem["title"].is_string());
        problem
    }

    /// The names in `missing`, `invalid` and `immutable` of a 400, as "-a ?b !c".
    #[track_caller]
    pub(crate) fn complaints(&self) -> String {
        let problem = self.problem(400, "BAD_REQUEST_BODY");
        let list = |name: &str, sign: &str| -> Vec<String> {
            let items = problem[name].as_array().cloned().unwrap_or_default();
            items
                .iter()
                .map(|v| format!("{sign}{}", v.as_str().unwrap()))
                .collect()
        };
        let mut all = list("missing", "-");
        if let Some(invalid) = problem["invalid"].as_object() {
            all.extend(invalid.keys().map(|k| format!("?{k}")));
        }
        all.extend(list("immutable", "!"));
        all.join(" ")
    }

    /// The ids of a page, in order.
    #[track_caller]
    pub(crate) fn ids(&self) -> Vec<String> {
        let page = self.ok();
        page["customers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The token of the next page.
    #[track_caller]
    pub(crate) fn token(&self) -> Option<String> {
        self.ok()["next_page_token"].as_str().map(str::to_owned)
    }
}

/// A complete person. Everybody here is made up.
pub(crate) fn ottoline() -> Value {
    json!({
        "status": "ACTIVE",
        "first_name": "Ottoline",
        "middle_name": "Wren",
        "last_name": "Quay",
        "dob": "1991-07-23",
        "email": "ottoline.quay@example.com",
        "phone_number": "+12025550143",
        "ssn": "987-65-4329",
        "legal_address": lantern_row(),
        "metadata": {"crm_ref": "lead-20417"},
    })
}

pub(crate) fn lantern_row() -> Value {
    json!({
        "address_line_1": "12 Lantern Row",
        "address_line_2": "Floor 3",
        "city": "Springfield",
        "state": "IL",
        "postal_code": "62701-0001",
        "country_code": "US",
        "nickname": "Home",
    })
}

pub(crate) fn harbor_street() -> Value {
    json!({"address_line_1": "9 Harbor Street", "country_code": "US"})
}

/// `base` with the members of `more`.
pub(crate) fn with(base: &Value, more: &Value) -> Value {
    let mut all = base.as_object().unwrap().clone();
    all.extend(more.as_object().unwrap().clone());
    Value::Object(all)
}
