//! The fault header, seen from a raw socket.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::json;

use synctera_sandbox::limits::Limits;

use crate::harness::{FORBIDDEN, Sandbox, TOKEN, ottoline};

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
fn delay_and_hold_make_a_response_late() {
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

#[test]
fn without_the_key_no_fault_is_done() {
    let sandbox = Sandbox::start();
    for fault in [
        "delay=3000",
        "hold=3000",
        "stall=headers",
        "stall=headers:3000",
        "stall=body",
        "stall=body:3000",
        "truncate=0",
        "drop=before",
        "drop=after",
        "deliver=twice",
        "status=503",
        "code=INTERNAL_ERROR",
        "delay=3000;times=5;id=a",
        "not a fault",
    ] {
        for (token, status) in [
            ("", 401),
            ("Bearer unknown", 401),
            (&format!("Bearer {FORBIDDEN}"), 403),
        ] {
            let begin = Instant::now();
            let reply = sandbox
                .request("GET", "/v0/customers")
                .header("Authorization", token)
                .fault(fault)
                .try_body("")
                .unwrap();
            assert_eq!(reply.status, status, "{fault} {token}");
            assert!(begin.elapsed() < Duration::from_secs(2), "{fault} {token}");
        }
    }
    let health = sandbox
        .request("GET", "/v0/sandbox/health")
        .header("Authorization", "")
        .fault("status=503")
        .send();
    assert_eq!(health.status, 200);
}

#[test]
fn a_request_without_the_key_spends_no_fault() {
    let sandbox = Sandbox::start();
    let fault = "status=503;times=1;id=mine";
    let get = |token: &str| {
        sandbox
            .request("GET", "/v0/customers")
            .header("Authorization", token)
            .fault(fault)
            .send()
            .status
    };
    assert_eq!(get("Bearer unknown"), 401);
    assert_eq!(get(&format!("Bearer {TOKEN}")), 503);
    assert_eq!(get(&format!("Bearer {TOKEN}")), 200);
}

#[test]
fn a_stall_ends_after_a_time_even_if_the_client_stays() {
    let sandbox = Sandbox::limited(Limits {
        stall: Duration::from_millis(300),
        ..Limits::default()
    });
    for (fault, sent) in [("stall=headers", ""), ("stall=body", "HTTP/1.1 200")] {
        let (text, closed, time) = raw(&sandbox, "GET", fault, "", LONG);
        assert!(closed && time >= Duration::from_millis(300), "{fault}");
        assert!(text.starts_with(sent) && !text.contains("customers"));
    }
}

#[test]
fn writes_that_are_held_and_left_do_not_pile_up() {
    let sandbox = Sandbox::start();
    let body = json!({"status": "ACTIVE"}).to_string();
    let mut streams: Vec<TcpStream> = (0..400)
        .map(|_| {
            let mut stream = TcpStream::connect(sandbox.address).unwrap();
            stream.set_nonblocking(true).unwrap();
            write!(
                stream,
                "POST /v0/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\
                 Content-Type: application/json\r\nSandbox-Fault: hold=20000\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
            stream
        })
        .collect();
    let begin = Instant::now();
    let mut refused = 0;
    while refused < streams.len() - 256 {
        assert!(begin.elapsed() < LONG, "{refused} were refused");
        std::thread::sleep(Duration::from_millis(20));
        for stream in &mut streams {
            let mut response = [0; 4096];
            if stream.read(&mut response).is_ok() {
                assert!(response.starts_with(b"HTTP/1.1 429"));
                refused += 1;
            }
        }
    }
    drop(streams);
    let reply = sandbox.request("POST", "/v0/customers").fault("hold=1");
    reply
        .json(&json!({"status": "ACTIVE"}))
        .problem(429, "TOO_MANY_REQUESTS");
    sandbox.created(&json!({"status": "ACTIVE"}));
}
