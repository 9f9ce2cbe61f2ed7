//! Requests through the routes, and bytes through a socket.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::Value;
use synctera_sandbox::{
    clock,
    core::{access::Access, rules::Rules},
    http::{App, app},
    limits::Limits,
    server::serve,
    service::Service,
    store::{SqliteStore, Store},
};
use tokio::runtime::Runtime;
use tower_service::Service as _;
use uuid::Uuid;

use crate::{cases, input};

const TOKEN: &str = "fuzz";

struct Sandbox {
    store: Arc<SqliteStore>,
    router: Router,
    runtime: Runtime,
    /// Every customer that was created, as it was answered last.
    customers: HashMap<String, Value>,
}

struct Reply {
    status: u16,
    is_replay: bool,
    body: Value,
}

impl Sandbox {
    fn start() -> Self {
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        let shared: Arc<dyn Store> = store.clone();
        let service = Service::new(
            shared,
            Rules::default(),
            Arc::new(clock::now),
            Arc::new(Uuid::new_v4),
        );
        let log = |line: &str| {
            assert!(
                !line.contains("failed") && !line.contains("panicked"),
                "{line}"
            );
        };
        Self {
            store,
            router: app(App::new(service, Access::new(TOKEN, &[]), Arc::new(log))),
            runtime: Runtime::new().unwrap(),
            customers: HashMap::new(),
        }
    }

    fn send(&mut self, request: Request<Body>) -> Reply {
        let router = &mut self.router;
        self.runtime.block_on(async {
            let response = router.call(request).await.unwrap();
            let status = response.status().as_u16();
            let is_replay = response.headers().contains_key("idempotency-replayed");
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            Reply {
                status,
                is_replay,
                body,
            }
        })
    }
}

/// A request in the making.
#[derive(Clone, Debug)]
struct Call {
    method: &'static str,
    /// Which of the known customers, if any; else whatever the path says.
    target: Option<prop::sample::Index>,
    path: String,
    query: String,
    key: Option<u8>,
    body: Vec<u8>,
}

impl Call {
    fn request(&self, known: &[String]) -> Option<Request<Body>> {
        let path = match self.target {
            Some(index) if !known.is_empty() => format!("/v0/customers/{}", index.get(known)),
            _ => self.path.clone(),
        };
        let mut request = Request::builder()
            .method(self.method)
            // What is no address at all never gets past hyper.
            .uri(format!("{path}?{}", self.query))
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json");
        if let Some(key) = self.key {
            request = request.header("idempotency-key", key.to_string());
        }
        request.body(Body::from(self.body.clone())).ok()
    }
}

fn call() -> impl Strategy<Value = Call> {
    let path = prop_oneof![
        12 => Just("/v0/customers".to_owned()),
        1 => Just("/v0/customers/00000000-0000-4000-8000-000000000000".to_owned()),
        1 => input::text().prop_map(|text| format!("/v0/customers/{}", input::encoded(&text))),
        1 => input::text().prop_map(|text| format!("/{text}")),
    ];
    (
        prop_oneof![
            6 => Just("POST"),
            4 => Just("PATCH"),
            2 => Just("PUT"),
            3 => Just("GET"),
            1 => prop::sample::select(&["HEAD", "DELETE", "OPTIONS"][..]),
        ],
        prop::option::of(any::<prop::sample::Index>()),
        path,
        input::query(),
        prop::option::weighted(0.3, 0..50_u8),
        input::body(),
    )
        .prop_map(|(method, target, path, query, key, body)| Call {
            method,
            // A POST goes to no customer.
            target: target.filter(|_| method != "POST"),
            path,
            query,
            key,
            body,
        })
}

/// One sandbox for all cases, so that what one leaves behind meets the next.
#[test]
fn no_request_gets_a_500_and_no_customer_is_lost_or_doubled() {
    let mut sandbox = Sandbox::start();
    let config = cases(4);
    // One case in twenty makes a customer.
    let wanted = u64::from(config.cases / 100);
    let mut runner = TestRunner::new(config);
    let mut created = 0_u64;
    let cell = std::cell::RefCell::new((&mut sandbox, &mut created));
    runner
        .run(&call(), |call| {
            let (sandbox, created) = &mut *cell.borrow_mut();
            let known: Vec<String> = sandbox.customers.keys().take(20).cloned().collect();
            let Some(request) = call.request(&known) else {
                return Ok(());
            };
            let reply = sandbox.send(request);
            prop_assert!(reply.status < 500, "{}", reply.body);
            if reply.status >= 400 && call.method != "HEAD" {
                prop_assert_eq!(&reply.body["status"], &Value::from(reply.status));
            }
            if reply.is_replay {
                return Ok(());
            }
            if reply.status == 201 {
                **created += 1;
            }
            let is_change = ["POST", "PATCH", "PUT"].contains(&call.method);
            if is_change && reply.status < 300 {
                let id = reply.body["id"].as_str().unwrap().to_owned();
                sandbox.customers.insert(id, reply.body);
            }
            prop_assert_eq!(sandbox.store.count().unwrap(), **created);
            Ok(())
        })
        .unwrap();
    assert!(created > wanted, "hardly a body fitted: {created}");
    let all = sandbox.customers.clone();
    for (id, body) in all {
        let request = Request::get(format!("/v0/customers/{id}"))
            .header("authorization", format!("Bearer {TOKEN}"))
            .body(Body::empty())
            .unwrap();
        assert_eq!(
            sandbox.send(request).body,
            body,
            "it is as it was answered last"
        );
    }
}

#[test]
fn any_bytes_on_a_socket_leave_the_sandbox_whole() {
    let sandbox = Sandbox::start();
    let router = sandbox.router.clone();
    let (sender, address) = std::sync::mpsc::channel();
    sandbox.runtime.spawn(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        sender.send(listener.local_addr().unwrap()).unwrap();
        serve(listener, router, Limits::default(), std::future::pending()).await;
    });
    let address = address.recv().unwrap();
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        (
            "(GET|POST|PUT|X) ",
            input::text(),
            " HTTP/1.[019]\r\n",
            input::text(),
            input::body()
        )
            .prop_map(|(method, target, version, header, body)| {
                let head = format!("{method}/{target}{version}{header}: x\r\n\r\n");
                [head.into_bytes(), body].concat()
            }),
    ];
    TestRunner::new(cases(100))
        .run(&bytes, |bytes| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            let _ = stream.write_all(&bytes);
            // It may have been closed already.
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let mut reply = Vec::new();
            // A reset is a response as well.
            let _ = stream.read_to_end(&mut reply);
            prop_assert!(
                !reply.starts_with(b"HTTP/1.1 5"),
                "{}",
                String::from_utf8_lossy(&reply)
            );
            Ok(())
        })
        .unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /v0/customers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Bearer {TOKEN}\r\n\r\n"
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(
        reply.starts_with("HTTP/1.1 200") && reply.ends_with("{\"customers\":[]}"),
        "{reply}"
    );
}
