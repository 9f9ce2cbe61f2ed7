//! Random requests: valid and not, repeated, racing, with and without keys.

use http::{HeaderValue, Method};
use serde_json::{Value, json};
use synctera_sandbox::core::{api, random::Random, record::Status, seed};

use crate::Arrived;

/// A request, and what a model needs to know of it.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Given {
    pub(crate) fn request(&self) -> api::Request {
        let mut request = api::Request::new(Ok(self.body.clone().into_bytes()));
        *request.method_mut() = Method::from_bytes(self.method.as_bytes()).unwrap();
        *request.uri_mut() = self.target.parse().unwrap();
        for (name, value) in &self.headers {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().append(*name, value);
        }
        request
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }
}

pub(crate) struct Generator {
    random: Random,
    token: &'static str,
    pub(crate) ids: Vec<String>,
    tokens: Vec<String>,
    sent: Vec<Given>,
}

const SORTS: &[&str] = &[
    "creation_time:asc",
    "creation_time:desc",
    "last_name:asc,first_name:desc",
    "first_name:desc",
    "last_updated_time:desc,last_name:asc",
    "last_name:up",
];

impl Generator {
    pub(crate) fn new(seed: u64, token: &'static str, people: u64) -> Self {
        let ids = (0..people).map(|number| seed::person(seed, number, "").id.to_string());
        Self {
            random: Random(seed ^ 0xd1ff),
            token,
            ids: ids.collect(),
            tokens: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// Microseconds before the next request: mostly few, at times more than keys are kept.
    pub(crate) fn pause(&mut self) -> i64 {
        match self.random.below(200) {
            0 => 8 * 24 * 3_600 * 1_000_000,
            1..20 => self.random.below(3_600_000_000),
            20..30 => 0,
            _ => 1 + self.random.below(1_000),
        }
    }

    /// Keeps what later requests may use of a response.
    pub(crate) fn remember(&mut self, arrived: &Arrived) {
        let Some((status, _, body)) = &arrived.0 else {
            return;
        };
        let Ok(body) = serde_json::from_str::<Value>(body) else {
            return;
        };
        if let Some(token) = body["next_page_token"].as_str() {
            self.tokens.push(token.to_owned());
        }
        if *status == 201 {
            self.ids.extend(body["id"].as_str().map(str::to_owned));
        }
    }

    /// Two writes at once, of which the first is held; seldom.
    pub(crate) fn race(&mut self) -> Option<(Given, Given)> {
        if !self.random.one_in(150) {
            return None;
        }
        let mut first = self.write("POST");
        first
            .headers
            .retain(|(name, _)| *name != "idempotency-key" && *name != "sandbox-fault");
        first.headers.push(("idempotency-key", self.key()));
        let mut second = first.clone();
        match self.random.below(3) {
            0 => second.body = self.body().to_string(),
            1 => second
                .headers
                .retain(|(name, _)| *name != "idempotency-key"),
            _ => {}
        }
        first.headers.push(("sandbox-fault", "hold=4".to_owned()));
        Some((first, second))
    }

    pub(crate) fn request(&mut self) -> Given {
        if self.random.one_in(12) && !self.sent.is_empty() {
            return self.random.pick(&self.sent).clone();
        }
        let mut given = match self.random.below(100) {
            0..25 => self.write("POST"),
            25..45 => self.write("PATCH"),
            45..60 => self.write("PUT"),
            60..75 => {
                let id = self.id();
                self.plain("GET", format!("/v0/customers/{id}"))
            }
            75..97 => {
                let query = self.query();
                self.plain("GET", format!("/v0/customers{query}"))
            }
            _ => {
                let method = *self
                    .random
                    .pick(&["DELETE", "HEAD", "OPTIONS", "GET", "POST"]);
                let paths = [
                    "/v0/customers",
                    "/v0/customers/",
                    "/",
                    "/v0/sandbox/health",
                    "/v0/customers/x/y",
                ];
                let path = (*self.random.pick(&paths)).to_owned();
                self.plain(method, path)
            }
        };
        self.spoil(&mut given);
        if self.sent.len() < 200 {
            self.sent.push(given.clone());
        } else {
            let place = usize::try_from(self.random.below(200)).unwrap();
            self.sent[place] = given.clone();
        }
        given
    }

    fn plain(&self, method: &'static str, target: String) -> Given {
        Given {
            method,
            target,
            headers: vec![("authorization", format!("Bearer {}", self.token))],
            body: String::new(),
        }
    }

    fn write(&mut self, method: &'static str) -> Given {
        let target = if method == "POST" {
            "/v0/customers".to_owned()
        } else {
            format!("/v0/customers/{}", self.id())
        };
        let mut given = self.plain(method, target);
        given
            .headers
            .push(("content-type", "application/json".to_owned()));
        if !self.random.one_in(3) {
            let key = self.key();
            given.headers.push(("idempotency-key", key));
        }
        given.body = self.body().to_string();
        if self.random.one_in(40) {
            given.body.pop();
        }
        given
    }

    /// What is wrong with a request, at times.
    fn spoil(&mut self, given: &mut Given) {
        match self.random.below(60) {
            0 => given.headers[0].1 = "Bearer forbidden".to_owned(),
            1 => given.headers[0].1 = "Bearer unknown".to_owned(),
            2 => given.headers.retain(|(name, _)| *name != "content-type"),
            3 => given
                .headers
                .push(("origin", "http://localhost:5173".to_owned())),
            4 => given.headers.push(("idempotency-key", String::new())),
            5..9 => {
                let faults = [
                    "status=503",
                    "status=429;retry-after=1",
                    "drop=after",
                    "drop=before",
                    "deliver=twice",
                    "code=DUPLICATE_RESOURCE",
                    "deliver=twice;drop=after",
                    "status=200;body=%7B",
                    "status=500;times=2;id=a",
                    "teapot=1",
                ];
                let fault = (*self.random.pick(&faults)).to_owned();
                given.headers.push(("sandbox-fault", fault));
            }
            _ => {}
        }
    }

    fn key(&mut self) -> String {
        format!("key-{}", self.random.below(400))
    }

    fn id(&mut self) -> String {
        match self.random.below(30) {
            0 => "00000000-0000-4000-8000-000000000000".to_owned(),
            1 => "7".to_owned(),
            2 => self.random.pick(&self.ids).to_uppercase(),
            3 => self.random.pick(&self.ids).replace('-', "%2D"),
            _ => self.random.pick(&self.ids).clone(),
        }
    }

    fn body(&mut self) -> Value {
        let number = self.random.bits() >> 44;
        let mut body = seed::body(1, number);
        let members = body.as_object_mut().unwrap();
        let all: Vec<String> = members.keys().cloned().collect();
        for name in all {
            if name != "status" && self.random.one_in(2) {
                members.remove(&name);
            }
        }
        members["status"] = json!(self.random.pick(Status::ALL));
        for (name, value) in [
            ("status", json!(null)),
            ("dob", json!("1899-12-31")),
            ("ssn", json!("123456789")),
            ("id", json!("x")),
            ("colour", json!("red")),
            ("tenant", json!("qzwxec_mkjnhb")),
            ("tenant", json!("other_other")),
            ("related_customers", json!([])),
            ("ban_status", json!("SUSPENDED")),
            ("note", json!("a note")),
            ("metadata", json!({"a": [1, {"b": 0.5}], "c": "é"})),
            ("metadata", json!([])),
            ("phone_number", json!("+999")),
            (
                "legal_address",
                json!({"address_line_1": "1 Row", "country_code": "CA", "postal_code": "k1a0b1"}),
            ),
            ("shipping_address", json!({"country_code": "XX"})),
        ] {
            if self.random.one_in(12) {
                members.insert(name.to_owned(), value);
            }
        }
        body
    }

    fn query(&mut self) -> String {
        let mut parts = Vec::new();
        if self.random.one_in(2) {
            parts.push(format!("limit={}", self.random.below(40)));
        }
        if self.random.one_in(3) {
            parts.push(format!("sort_by={}", self.random.pick(SORTS)));
        }
        if self.random.one_in(4)
            && let Some(token) = self.tokens.last().cloned()
        {
            // The last page's filters and order, or others: then the token is refused.
            if let Some(last) = self
                .sent
                .iter()
                .rev()
                .find(|given| given.target.contains('?'))
            {
                let (_, query) = last.target.split_once('?').unwrap();
                return format!("?{query}&page_token={token}");
            }
        }
        for (name, values) in [
            ("first_name", ["o*", "*a*", "Ottoline", "*", ""]),
            ("last_name", ["Qu%2A", "*wood", "quay", "%C3%B8*", "no"]),
            (
                "email",
                [
                    "*@example.com",
                    "ottoline*",
                    "*.7@example.com",
                    "a",
                    "*e*e*e*",
                ],
            ),
            ("phone_number", ["%2B1*", "+1*", "*55501*", "%2B", "x"]),
            ("status", ["ACTIVE", "PROSPECT", "FROZEN", "HAPPY", ""]),
            ("has_accounts", ["true", "false", "yes", "true", "false"]),
            ("ssn_last_4", ["0000", "1234", "12", "4329", "abcd"]),
            ("colour", ["red", "a", "b", "c", "d"]),
        ] {
            if self.random.one_in(9) {
                parts.push(format!("{name}={}", self.random.pick(&values)));
            }
        }
        if self.random.one_in(9) {
            let (a, b) = (self.id(), self.id());
            parts.push(format!("id={a},{b}"));
        }
        if parts.is_empty() {
            return String::new();
        }
        format!("?{}", parts.join("&"))
    }
}
