//! The server and the sandbox in process give the same responses to the same requests, and both agree
//! with a model that knows little and is easily seen to be right.
//!
//! `DIFFERENTIAL_REQUESTS=100000 cargo test --release -p synctera-sandbox --test differential` asks for
//! more.

mod model;
mod requests;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use axum::{Router, body::Body};
use http_body_util::BodyExt;
use synctera_sandbox::{
    core::{
        access::Access,
        fault::Delivery,
        in_process::{Exchange, InProcess},
        instant::Instant,
        memory::MemoryStore,
        random::Random,
        rules::Rules,
        seed::person,
    },
    http::{App, Hangup, app},
    service::Service,
    store::SqliteStore,
};
use tower_service::Service as _;

use model::Model;
use requests::{Generator, Given};

const TOKEN: &str = "differential";
const SEED: u64 = 2_026;
const PEOPLE: u64 = 120;

/// What arrives: none if the connection is closed instead.
#[derive(Debug, PartialEq)]
struct Arrived(Option<Parts>);

/// Status, headers in order, body.
type Parts = (u16, Vec<(String, String)>, String);

impl Arrived {
    fn of(response: http::Response<Vec<u8>>) -> Self {
        let (parts, body) = response.into_parts();
        let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
        // axum adds the length of no body, which hyper does not send with 204.
        let is_sent = |name: &str| parts.status != 204 || name != "content-length";
        let mut headers: Vec<_> = parts
            .headers
            .iter()
            .filter(|(name, _)| is_sent(name.as_str()))
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        headers.sort();
        let body = String::from_utf8(body).unwrap();
        Self(Some((parts.status.as_u16(), headers, body)))
    }
}

struct Server {
    router: Router,
    now: Arc<AtomicI64>,
}

impl Server {
    fn new() -> Self {
        let store = SqliteStore::in_memory().unwrap();
        let rules = Rules::default();
        let people = (0..PEOPLE).map(|number| person(SEED, number, &rules.tenant));
        store.add_all(PEOPLE, people).unwrap();
        let now = Arc::new(AtomicI64::new(0));
        let time = Arc::clone(&now);
        let random = Mutex::new(Random(SEED));
        let service = Service::new(
            Arc::new(store),
            rules,
            Arc::new(move || Instant(time.load(Ordering::SeqCst))),
            Arc::new(move || random.lock().unwrap().uuid()),
        );
        let access = Access::new(TOKEN, &["forbidden".to_owned()]);
        let router = app(App::new(service, access, Arc::new(|_: &str| {})).with_any_host());
        Self { router, now }
    }

    async fn ask(&self, given: &Given) -> Arrived {
        let request = given.request().map(|body| Body::from(body.unwrap()));
        let response = self.router.clone().call(request).await.unwrap();
        if response.extensions().get::<Hangup>().is_some() {
            return Arrived(None);
        }
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Arrived::of(http::Response::from_parts(parts, body))
    }
}

struct Inner(InProcess);

impl Inner {
    fn new() -> Self {
        let rules = Rules::default();
        let people = (0..PEOPLE).map(|number| person(SEED, number, &rules.tenant));
        let store = MemoryStore::of(people).unwrap();
        let access = Access::new(TOKEN, &["forbidden".to_owned()]);
        Self(InProcess::new(store, access, rules, Random(SEED)))
    }

    fn open(&mut self, given: &Given) -> Exchange {
        self.0.open(given.request())
    }

    fn complete(&mut self, exchange: &mut Exchange, now: Instant) -> Arrived {
        if exchange.delivery() == Delivery::DropBefore {
            return Arrived(None);
        }
        while self.0.begin(exchange, now) {
            self.0.finish(exchange, now).unwrap();
        }
        Self::arrived(exchange)
    }

    fn arrived(exchange: &mut Exchange) -> Arrived {
        let response = exchange.response().unwrap();
        match exchange.delivery() {
            Delivery::DropAfter => Arrived(None),
            _ => Arrived::of(response),
        }
    }

    /// Two requests at once: the first one holds its key until the second is answered.
    fn race(&mut self, first: &Given, second: &Given, now: Instant) -> [Arrived; 2] {
        let (mut one, mut two) = (self.open(first), self.open(second));
        self.0.begin(&mut one, now);
        self.0.begin(&mut two, now);
        self.0.finish(&mut two, now).unwrap();
        self.0.finish(&mut one, now).unwrap();
        [Self::arrived(&mut one), Self::arrived(&mut two)]
    }
}

fn requests() -> usize {
    let asked = std::env::var("DIFFERENTIAL_REQUESTS");
    asked.map_or(3_000, |text| text.parse().unwrap())
}

#[test]
fn the_server_and_the_sandbox_in_process_give_the_same_responses() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let server = Server::new();
    let mut inner = Inner::new();
    let mut generator = Generator::new(SEED, TOKEN, PEOPLE);
    let mut model = Model::new(PEOPLE);
    let mut now = Instant(1_780_000_000_000_000);
    for number in 0..requests() {
        now.0 += generator.pause();
        server.now.store(now.0, Ordering::SeqCst);
        if let Some((first, second)) = generator.race() {
            let expected =
                runtime.block_on(async { tokio::join!(server.ask(&first), server.ask(&second)) });
            let found = inner.race(&first, &second, now);
            assert_eq!(
                found,
                [expected.0, expected.1],
                "race {number}: {first:?} {second:?}"
            );
            model.check(&second, &found[1], now);
            model.check(&first, &found[0], now);
            continue;
        }
        let given = generator.request();
        let expected = runtime.block_on(server.ask(&given));
        let mut exchange = inner.open(&given);
        let found = inner.complete(&mut exchange, now);
        assert_eq!(found, expected, "request {number}: {given:?}");
        model.check(&given, &found, now);
        generator.remember(&found);
    }
    model.finish(&generator);
}
