//! The fault header, seen from a raw socket.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::harness::{Sandbox, TOKEN, ottoline};

/// What arrives on the socket until it is closed, or until `patience` is over, and how long it took.
fn raw(
    sandbox: &Sandbox,
    method: &str,
    fault: &str,
    body: &str,
    patience: Duration,
) -> (String, bool, Duration) {
    let mut stream = TcpStream::connect(sandbox.address).unwrap();
    let begin = Instant::now();
    write!(
        stream,
        "{method} /v0/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/json\r\nSandbox-Fault: {fault}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break (String::from_utf8(bytes).unwrap(), true, begin.elapsed()),
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(e)
                if matches!(
                    e.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) =>
            {
                if begin.elapsed() >= patience {
                    break (String::from_utf8(bytes).unwrap(), false, begin.elapsed());
                }
            }
            Err(_) => break (String::from_utf8(bytes).unwrap(), true, begin.elapsed()),
        }
    }
}

const LONG: Duration = Duration::from_secs(20);

#[test]
fn delay_and_hold_make_an_answer_late() {
    let sandbox = Sandbox::start();
    for fault in [
        "delay=150",
        "hold=150",
        "stall=headers:150",
        "stall=body:150",
    ] {
        let begin = Instant::now();
        sandbox
            .request("GET", "/v0/customers")
            .fault(fault)
            .send()
            .ok();
        assert!(begin.elapsed() >= Duration::from_millis(150), "{fault}");
        let begin = Instant::now();
        assert_eq!(
            sandbox
                .request("POST", "/v0/customers")
                .fault(fault)
                .json(&ottoline())
                .status,
            201
        );
        assert!(begin.elapsed() >= Duration::from_millis(150), "{fault}");
    }
}

#[test]
fn drop_before_closes_without_handling_and_drop_after_closes_after_the_commit() {
    let sandbox = Sandbox::start();
    let body = json!({"status": "ACTIVE"}).to_string();
    let (text, closed, _) = raw(&sandbox, "POST", "drop=before", &body, LONG);
    assert_eq!((text.as_str(), closed), ("", true));
    assert_eq!(sandbox.list("").ids().len(), 0);
    let (text, closed, _) = raw(&sandbox, "POST", "drop=after", &body, LONG);
    assert_eq!((text.as_str(), closed), ("", true));
    assert_eq!(sandbox.list("").ids().len(), 1);
    let log = sandbox.log().join("\n");
    assert!(log.contains("POST /v0/customers closed"), "{log}");
}

#[test]
fn truncate_sends_so_many_bytes_and_closes() {
    let sandbox = Sandbox::start();
    sandbox.created(&ottoline());
    for bytes in [0, 1, 17] {
        let (text, closed, _) = raw(&sandbox, "GET", &format!("truncate={bytes}"), "", LONG);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK") && closed);
        assert_eq!(body, &"{\"customers\":[{\"id"[..bytes]);
        let announced = head
            .lines()
            .find_map(|l| l.strip_prefix("content-length: "))
            .unwrap();
        assert!(
            announced.parse::<usize>().unwrap() > 500,
            "the whole length is announced"
        );
    }
    let (text, closed, _) = raw(&sandbox, "GET", "status=503;truncate=3", "", LONG);
    assert!(text.starts_with("HTTP/1.1 503") && text.ends_with("\r\n\r\n{\"t") && closed);
}

#[test]
fn stall_sends_nothing_more_until_the_client_goes() {
    let sandbox = Sandbox::start();
    let patience = Duration::from_millis(400);
    let (text, closed, _) = raw(&sandbox, "GET", "stall=headers", "", patience);
    assert_eq!((text.as_str(), closed), ("", false));
    let (text, closed, _) = raw(&sandbox, "GET", "stall=body", "", patience);
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("\r\n\r\n") && !closed);
    sandbox.list("").ok();
}

#[test]
fn a_write_ends_even_if_the_client_goes_away_meanwhile() {
    let sandbox = Sandbox::start();
    let body = json!({"status": "ACTIVE"}).to_string();
    let (text, closed, _) = raw(
        &sandbox,
        "POST",
        "hold=900",
        &body,
        Duration::from_millis(400),
    );
    assert_eq!((text.as_str(), closed), ("", false));
    let begin = Instant::now();
    while sandbox.list("").ids().is_empty() {
        assert!(begin.elapsed() < LONG, "the write was lost");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_quota_spends_the_fault_on_the_first_requests_only() {
    let sandbox = Sandbox::start();
    let get = |id: &str| {
        sandbox
            .request("GET", "/v0/customers")
            .fault(&format!("status=503;times=2;id={id}"))
            .send()
            .status
    };
    assert_eq!(
        [get("a"), get("a"), get("a"), get("b"), get("a")],
        [503, 503, 200, 503, 200]
    );
}

#[test]
fn a_fault_that_is_not_understood_is_refused_loudly() {
    let sandbox = Sandbox::start();
    let reply = sandbox
        .request("GET", "/v0/customers")
        .fault("status=soon")
        .send();
    let problem = reply.problem(400, "BAD_REQUEST");
    assert_eq!(
        problem["detail"],
        "Sandbox-Fault: status has to be a whole number"
    );
}

#[test]
fn a_request_delivered_twice_is_done_once_under_a_key() {
    let sandbox = Sandbox::start();
    let prospect = json!({"status": "PROSPECT"});
    let twice = || {
        sandbox
            .request("POST", "/v0/customers")
            .fault("deliver=twice")
    };
    twice().key("k").json(&prospect).ok();
    assert_eq!(sandbox.list("").ids().len(), 1);
    twice().json(&prospect).ok();
    assert_eq!(
        sandbox.list("").ids().len(),
        3,
        "without a key it is done twice"
    );
}
