//! Asks a running sandbox as fast as it answers: what one Node client cannot.
//!
//! `load BASE_URL OPERATION CONNECTIONS SECONDS`, with the token in `SYNCTERA_TOKEN`, keeps that many
//! connections open, with one request in flight on each, and prints one line of JSON: how many
//! requests were answered, in how many seconds. Any response but the expected status ends it. It is driven by
//! `cargo xtask load`, goes to loopback addresses only, and ends after a minute at most.

use std::{
    cell::Cell,
    error::Error,
    net::{IpAddr, SocketAddr},
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
};
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Longer loads only make the machine warm.
const LONGEST: f64 = 60.0;

/// The same list and the same body as in `client.mjs`.
const LIST: &str = "limit=100&status=ACTIVE";
const BODY: &str = r#"{"status":"ACTIVE","first_name":"Ottoline","last_name":"Quay","dob":"1991-07-23","email":"ottoline.quay@example.com","phone_number":"+12025550143","metadata":{"crm_ref":"lead-20417"}}"#;

fn main() -> Result<()> {
    // Cargo adds `--bench` where it runs this itself.
    let arguments: Vec<String> = std::env::args().filter(|a| a != "--bench").collect();
    let [_, base, operation, connections, seconds] = arguments.as_slice() else {
        eprintln!("driven by `cargo xtask load`: BASE_URL OPERATION CONNECTIONS SECONDS");
        return Ok(());
    };
    let seconds: f64 = seconds.parse()?;
    let load = Load {
        address: address(base)?,
        token: std::env::var("SYNCTERA_TOKEN")?,
        operation: operation.clone(),
        time: Duration::from_secs_f64(seconds.min(LONGEST)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(LocalSet::new().run_until(load.run(connections.parse()?)))
}

fn address(base: &str) -> Result<SocketAddr> {
    let rest = base.strip_prefix("http://").ok_or("not http")?;
    let address: SocketAddr = rest.split('/').next().unwrap_or_default().parse()?;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_loopback() => Ok(address),
        IpAddr::V6(ip) if ip.is_loopback() => Ok(address),
        _ => Err("the load goes to loopback addresses only".into()),
    }
}

struct Load {
    address: SocketAddr,
    token: String,
    operation: String,
    time: Duration,
}

impl Load {
    async fn run(self, connections: usize) -> Result<()> {
        let ids = Rc::new(self.ids().await?);
        let answered = Rc::new(Cell::new(0_u64));
        let load = Rc::new(self);
        let begin = Instant::now();
        let asking: Vec<_> = (0..connections)
            .map(|n| {
                let (load, ids, answered) =
                    (Rc::clone(&load), Rc::clone(&ids), Rc::clone(&answered));
                tokio::task::spawn_local(async move {
                    load.ask(n, begin, &ids, &answered)
                        .await
                        .map_err(|error| error.to_string())
                })
            })
            .collect();
        for asked in asking {
            asked.await??;
        }
        let seconds = begin.elapsed().as_secs_f64();
        println!(
            "{}",
            serde_json::json!({"requests": answered.get(), "seconds": seconds})
        );
        Ok(())
    }

    /// One connection, one request after the other.
    async fn ask(
        &self,
        number: usize,
        begin: Instant,
        ids: &[String],
        answered: &Cell<u64>,
    ) -> Result<()> {
        let mut connection = Connection::open(self.address).await?;
        let expected = if self.operation == "create" { 201 } else { 200 };
        let mut turn = number * 7;
        while begin.elapsed() < self.time {
            let request = self.request(ids, turn);
            turn += 1;
            let status = connection.exchange(request.as_bytes()).await?;
            if status != expected {
                return Err(format!("status {status} instead of {expected}").into());
            }
            answered.set(answered.get() + 1);
        }
        Ok(())
    }

    fn request(&self, ids: &[String], turn: usize) -> String {
        let (method, path, rest) = match self.operation.as_str() {
            "create" => (
                "POST",
                "/v0/customers".to_owned(),
                format!(
                    "content-type: application/json\r\nidempotency-key: {}\r\n\
                     content-length: {}\r\n\r\n{BODY}",
                    Uuid::new_v4(),
                    BODY.len()
                ),
            ),
            "list" => ("GET", format!("/v0/customers?{LIST}"), "\r\n".to_owned()),
            _ => (
                "GET",
                format!("/v0/customers/{}", ids[turn % ids.len()]),
                "\r\n".to_owned(),
            ),
        };
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n{rest}",
            self.address, self.token
        )
    }

    /// Ids to get: those of a page.
    async fn ids(&self) -> Result<Vec<String>> {
        let mut connection = Connection::open(self.address).await?;
        let request = format!(
            "GET /v0/customers?{LIST} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
            self.address, self.token
        );
        connection.exchange(request.as_bytes()).await?;
        let page: serde_json::Value = serde_json::from_slice(connection.body())?;
        let customers = page["customers"].as_array().ok_or("no list")?;
        let ids = customers
            .iter()
            .filter_map(|c| Some(c["id"].as_str()?.to_owned()));
        Ok(ids.collect())
    }
}

/// A connection that is kept, with the last response in `buffer`.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
    head: usize,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 256 * 1024],
            filled: 0,
            head: 0,
        })
    }

    fn body(&self) -> &[u8] {
        &self.buffer[self.head..self.filled]
    }

    /// Sends a request and reads the whole response; its status.
    async fn exchange(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        (self.filled, self.head) = (0, 0);
        let mut whole = usize::MAX;
        while self.filled < whole {
            if self.filled == self.buffer.len() {
                self.buffer.resize(self.filled * 2, 0);
            }
            let read = self.stream.read(&mut self.buffer[self.filled..]).await?;
            if read == 0 {
                return Err("the connection was closed".into());
            }
            self.filled += read;
            if self.head == 0
                && let Some(end) = self.buffer[..self.filled]
                    .windows(4)
                    .position(|w| w == b"\r\n\r\n")
            {
                self.head = end + 4;
                whole = self.head + length(&self.buffer[..end])?;
            }
        }
        Ok(std::str::from_utf8(&self.buffer[9..12])?.parse()?)
    }
}

fn length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    let value = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map(|(_, value)| value.trim().parse());
    Ok(value.ok_or("the response has no length")??)
}
