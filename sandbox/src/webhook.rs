//! Webhooks: every change as a signed request to one receiver (BEHAVIOUR 9).
//!
//! A delivery that is not answered with a 2xx within five seconds is made again, a second later, then
//! two, four and so on, eight times in all. Synctera's own go on for longer. What is waiting is in memory
//! only, and of a bounded number.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{Request, Uri, header, uri::Scheme},
};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    sync::{Semaphore, mpsc},
    time::{sleep, timeout},
};
use uuid::Uuid;

use crate::{
    clock,
    core::{event::Event, signature::sign},
    http::Log,
};

/// How many events may wait for delivery; further ones are dropped, with a line in the log.
const WAITING: usize = 100_000;

/// How many deliveries are under way at a time.
const DELIVERIES: usize = 16;

/// How often a delivery is tried, and how long the receiver may take for each.
const ATTEMPTS: u32 = 8;
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes the events that a service announces.
#[derive(Clone)]
pub struct Webhook {
    events: mpsc::Sender<Event>,
    log: Log,
}

/// Where deliveries go, and what signs them.
pub struct Receiver {
    url: Uri,
    secret: String,
    id: Uuid,
}

impl Receiver {
    /// At `url`, which is called over plain HTTP: the sandbox is for one machine or one network.
    ///
    /// # Errors
    /// When the URL is no `http` URL, or the secret is empty.
    pub fn new(url: &str, secret: &str) -> Result<Self, &'static str> {
        let url: Uri = url.parse().map_err(|_| "expected a URL")?;
        if url.scheme() != Some(&Scheme::HTTP) || url.host().is_none() {
            return Err("expected a URL that begins with http://");
        }
        if secret.is_empty() {
            return Err("the secret is empty");
        }
        Ok(Self {
            url,
            secret: secret.to_owned(),
            id: Uuid::new_v4(),
        })
    }
}

impl Webhook {
    /// Starts to deliver; to be called within a runtime.
    #[must_use]
    pub fn start(receiver: Receiver, log: Log) -> Self {
        let (events, mut waiting) = mpsc::channel::<Event>(WAITING);
        let lines = Arc::clone(&log);
        tokio::spawn(async move {
            let receiver = Arc::new(receiver);
            let places = Arc::new(Semaphore::new(DELIVERIES));
            while let Some(event) = waiting.recv().await {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                let (receiver, log) = (Arc::clone(&receiver), Arc::clone(&lines));
                tokio::spawn(async move {
                    deliver(&receiver, &event, &log).await;
                    drop(place);
                });
            }
        });
        Self { events, log }
    }

    /// Queues an event for delivery.
    pub fn queue(&self, event: Event) {
        let kind = event.kind;
        if self.events.try_send(event).is_err() {
            (self.log)(&format!("webhook {kind}: dropped, too many are waiting"));
        }
    }
}

async fn deliver(receiver: &Receiver, event: &Event, log: &Log) {
    let url = receiver.url.to_string();
    let body = Bytes::from(event.envelope(Uuid::new_v4(), receiver.id, &url));
    for attempt in 1..=ATTEMPTS {
        let outcome = match timeout(PATIENCE, post(receiver, body.clone())).await {
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(_)) => "no response".to_owned(),
            Err(_) => "no response in time".to_owned(),
        };
        let kind = event.kind;
        log(&format!("webhook {kind}: attempt {attempt}: {outcome}"));
        if outcome.starts_with('2') {
            return;
        }
        if attempt < ATTEMPTS {
            sleep(Duration::from_secs(1 << (attempt - 1))).await;
        }
    }
}

/// One attempt, on a new connection; the status of its response.
async fn post(
    receiver: &Receiver,
    body: Bytes,
) -> Result<u16, Box<dyn std::error::Error + Send + Sync>> {
    let Receiver { url, secret, .. } = receiver;
    let host = url.host().unwrap_or_default();
    let stream =
        TcpStream::connect((host.trim_matches(['[', ']']), url.port_u16().unwrap_or(80))).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let timestamp = (clock::now().0 / 1_000_000).to_string();
    let signature = sign(secret, &timestamp, &body);
    let request = Request::post(url.path_and_query().map_or("/", |path| path.as_str()))
        .header(
            header::HOST,
            url.authority().map_or("", |authority| authority.as_str()),
        )
        .header(header::CONTENT_TYPE, "application/json")
        .header("Request-Timestamp", timestamp)
        .header("Synctera-Signature", signature)
        .body(Body::new(Full::new(body)))?;
    Ok(sender.send_request(request).await?.status().as_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_is_an_http_url_with_a_secret() {
        for (url, secret, is_taken) in [
            ("http://127.0.0.1:4000/hooks?a=b", "s", true),
            ("http://[::1]:4000", "s", true),
            ("https://example.com/", "s", false),
            ("example.com", "s", false),
            ("/hooks", "s", false),
            ("", "s", false),
            ("http://127.0.0.1/", "", false),
        ] {
            assert_eq!(Receiver::new(url, secret).is_ok(), is_taken, "{url}");
        }
    }
}
