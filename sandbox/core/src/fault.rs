//! Faults on demand: the request header `Sandbox-Fault`, which only the sandbox knows, and which it
//! reads only of requests with the key.
//!
//! ```text
//! fault = item *( ";" item )        item = name "=" value
//! delay=MS                          wait before anything else
//! hold=MS                           wait while the request is handled (its idempotency key taken)
//! status=N | code=NAME              answer so, without handling
//!   body=PCT content-type=PCT         with this body instead of the problem
//!   retry-after=S                     with retry_after in the problem
//!   retry-after-header=PCT            with the header Retry-After
//! drop=before | drop=after          close the connection: without handling, or after the commit
//! truncate=N                        send N bytes of the body, then close
//! deliver=twice                     handle it twice, as if the network had doubled it
//! stall=headers | stall=body        stop before the headers, or before the body, until the client
//!                                     goes (ten minutes at most); with :MS for that long
//! times=N id=TEXT                   only for the first N requests with this id
//! ```
//!
//! `PCT` values are percent-encoded.

use std::{collections::HashMap, time::Duration};

use http::HeaderMap;
use percent_encoding::percent_decode_str;

use crate::{
    lottery::Lottery,
    problem::{ApiError, Code},
};

/// Name of the request header.
pub const HEADER: &str = "sandbox-fault";

/// The longest wait, in milliseconds: ten minutes.
const LONGEST_WAIT: u64 = 600_000;

/// Ids are remembered.
const LONGEST_ID: usize = 100;

/// What to do to one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// Wait so long before anything else.
    pub delay: Option<Duration>,
    /// Wait so long while the request is handled.
    pub hold: Option<Duration>,
    /// Answer with this instead of handling the request.
    pub response: Option<Canned>,
    /// How the response travels.
    pub delivery: Delivery,
    /// Whether the request arrives twice; the first response travels.
    pub is_doubled: bool,
    /// Only for the first requests with an id.
    pub quota: Option<Quota>,
}

/// A prescribed response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canned {
    /// The HTTP status, 200 to 599.
    pub status: u16,
    /// The code of the problem, if the catalogue has a fitting one.
    pub code: Option<Code>,
    /// The exact body, instead of a problem.
    pub body: Option<Vec<u8>>,
    /// The content type, instead of the problem's.
    pub content_type: Option<String>,
    /// `retry_after` of the problem, in seconds.
    pub retry_after: Option<u32>,
    /// The header `Retry-After`, verbatim.
    pub retry_after_header: Option<String>,
}

impl Canned {
    /// The problem to answer with, if no body is prescribed.
    #[must_use]
    pub fn problem(&self) -> ApiError {
        let detail = "answered so because the Sandbox-Fault header asked for it";
        let problem = match self.code {
            Some(code) => ApiError::new(code, detail),
            None => ApiError::plain(self.status, format!("Status {}", self.status), detail),
        };
        ApiError {
            status: self.status,
            retry_after: self.retry_after,
            ..problem
        }
    }
}

/// How a response travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// Undisturbed.
    #[default]
    Whole,
    /// The connection is closed before the request is handled.
    DropBefore,
    /// The request is handled, then the connection is closed without a response.
    DropAfter,
    /// Only so many bytes of the body are sent, then the connection is closed.
    Truncate(usize),
    /// Nothing more is sent from this part on: for a time, or until the client goes or the server has
    /// enough.
    Stall(Part, Option<Duration>),
}

/// A part of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Status line and headers.
    Headers,
    /// The body.
    Body,
}

/// A number of requests that share an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Whose requests are counted together.
    pub id: String,
    /// How many of them get the fault.
    pub times: u32,
}

/// How many fault ids are counted before the counts begin anew.
const COUNTED_IDS: usize = 10_000;

/// Which request gets which fault.
#[derive(Default)]
pub struct Faults {
    counts: HashMap<String, u32>,
    lottery: Option<Lottery>,
}

impl Faults {
    /// Where every request that asks for no fault draws one.
    #[must_use]
    pub fn with_lottery(lottery: Lottery) -> Self {
        Self {
            lottery: Some(lottery),
            ..Self::default()
        }
    }

    /// The fault of a request with these headers.
    ///
    /// # Errors
    /// As [`parse`].
    pub fn of(&mut self, headers: &HeaderMap) -> Result<Fault, ApiError> {
        let Some(value) = headers.get(HEADER) else {
            let drawn = self.lottery.as_mut().map(Lottery::draw);
            return Ok(drawn.unwrap_or_default());
        };
        let fault = parse(value.to_str().unwrap_or("?"))?;
        let is_due = fault.quota.as_ref().is_none_or(|quota| self.is_due(quota));
        Ok(if is_due { fault } else { Fault::default() })
    }

    /// Counts a request under its fault id, and returns whether the fault still applies.
    fn is_due(&mut self, quota: &Quota) -> bool {
        if self.counts.len() >= COUNTED_IDS {
            self.counts.clear();
        }
        let count = self.counts.entry(quota.id.clone()).or_insert(0);
        *count = count.saturating_add(1);
        *count <= quota.times
    }
}

/// Reads the header.
///
/// # Errors
/// 400 `BAD_REQUEST` that names the item which is wrong and says what is wanted.
pub fn parse(header: &str) -> Result<Fault, ApiError> {
    read(header)
        .map_err(|wanted| ApiError::new(Code::BadRequest, format!("Sandbox-Fault: {wanted}")))
}

/// The items as they come, before they are put together.
#[derive(Default)]
struct Items {
    fault: Fault,
    status: Option<u16>,
    code: Option<Code>,
    body: Option<Vec<u8>>,
    content_type: Option<String>,
    retry_after: Option<u32>,
    retry_after_header: Option<String>,
    times: Option<u32>,
    id: Option<String>,
}

fn read(header: &str) -> Result<Fault, String> {
    let mut items = Items::default();
    let mut seen = Vec::new();
    for item in header.split(';').map(str::trim).filter(|i| !i.is_empty()) {
        let (name, value) = item
            .split_once('=')
            .ok_or("every item has the form name=value")?;
        if seen.contains(&name) {
            return Err(format!("{name} stands twice"));
        }
        seen.push(name);
        items.add(name, value)?;
    }
    items.finish()
}

impl Items {
    fn add(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "delay" => self.fault.delay = Some(wait(name, value)?),
            "hold" => self.fault.hold = Some(wait(name, value)?),
            "status" => self.status = Some(status(value)?),
            "code" => {
                let code = Code::from_name(value).ok_or("code has to be one of the catalogue")?;
                self.code = Some(code);
            }
            "body" => self.body = Some(percent_decode_str(value).collect()),
            "content-type" => self.content_type = Some(header_text(name, value)?),
            "retry-after" => self.retry_after = Some(number(name, value)?),
            "retry-after-header" => self.retry_after_header = Some(header_text(name, value)?),
            "drop" | "truncate" | "stall" => self.deliver(name, value)?,
            "deliver" if value == "twice" => self.fault.is_doubled = true,
            "deliver" => return Err("deliver has to be twice".to_owned()),
            "times" => self.times = Some(number(name, value)?),
            "id" if value.len() > LONGEST_ID => {
                return Err(format!("id can be {LONGEST_ID} bytes at most"));
            }
            "id" => self.id = Some(value.to_owned()),
            _ => {
                return Err(
                    "known items are delay, hold, status, code, body, content-type, \
                            retry-after, retry-after-header, drop, truncate, stall, deliver, times \
                            and id"
                        .to_owned(),
                );
            }
        }
        Ok(())
    }

    fn deliver(&mut self, name: &str, value: &str) -> Result<(), String> {
        if self.fault.delivery != Delivery::Whole {
            return Err("only one of drop, truncate and stall can be had".to_owned());
        }
        let (part, time) = match value.split_once(':') {
            Some((part, time)) => (part, Some(wait(name, time)?)),
            None => (value, None),
        };
        self.fault.delivery = match (name, part) {
            ("drop", "before") => Delivery::DropBefore,
            ("drop", "after") => Delivery::DropAfter,
            ("drop", _) => return Err("drop has to be before or after".to_owned()),
            ("stall", "headers") => Delivery::Stall(Part::Headers, time),
            ("stall", "body") => Delivery::Stall(Part::Body, time),
            ("stall", _) => {
                return Err("stall has to be headers or body, with or without :MS".into());
            }
            _ => Delivery::Truncate(number(name, value)?),
        };
        Ok(())
    }

    fn finish(self) -> Result<Fault, String> {
        let mut fault = self.fault;
        let status = self.status.or(self.code.map(Code::status));
        let is_dressed = self.body.is_some()
            || self.content_type.is_some()
            || self.retry_after.is_some()
            || self.retry_after_header.is_some();
        fault.response = match status {
            Some(status) => Some(Canned {
                status,
                code: self.code.or(Code::for_status(status)),
                body: self.body,
                content_type: self.content_type,
                retry_after: self.retry_after,
                retry_after_header: self.retry_after_header,
            }),
            None if is_dressed => {
                return Err("body, content-type and retry-after need a status or code".to_owned());
            }
            None => None,
        };
        fault.quota = match (self.times, self.id) {
            (Some(times), Some(id)) => Some(Quota { id, times }),
            (None, None) => None,
            _ => return Err("times and id go together".to_owned()),
        };
        Ok(fault)
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value
        .parse()
        .map_err(|_| format!("{name} has to be a whole number"))
}

fn wait(name: &str, value: &str) -> Result<Duration, String> {
    match number(name, value)? {
        millis if millis <= LONGEST_WAIT => Ok(Duration::from_millis(millis)),
        _ => Err(format!("{name} can be {LONGEST_WAIT} ms at most")),
    }
}

fn status(value: &str) -> Result<u16, String> {
    match number("status", value)? {
        status @ 200..=599 => Ok(status),
        _ => Err("status has to be 200 to 599".to_owned()),
    }
}

/// A percent-encoded value that can stand in a header.
fn header_text(name: &str, value: &str) -> Result<String, String> {
    let bytes: Vec<u8> = percent_decode_str(value).collect();
    String::from_utf8(bytes)
        .ok()
        .filter(|text| text.bytes().all(|b| (0x20..0x7f).contains(&b)))
        .ok_or_else(|| format!("{name} has to be printable ASCII, percent-encoded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_the_grammar_is_understood() {
        let ms = Duration::from_millis;
        let delivery = |text: &str| parse(text).unwrap().delivery;
        assert_eq!(parse("").unwrap(), Fault::default());
        let both = parse("delay=500; hold=20").unwrap();
        assert_eq!((both.delay, both.hold), (Some(ms(500)), Some(ms(20))));
        assert_eq!(delivery("drop=before"), Delivery::DropBefore);
        assert_eq!(delivery("drop=after"), Delivery::DropAfter);
        assert_eq!(delivery("truncate=12"), Delivery::Truncate(12));
        assert!(parse("deliver=twice").unwrap().is_doubled);
        assert_eq!(
            delivery("stall=headers"),
            Delivery::Stall(Part::Headers, None)
        );
        assert_eq!(
            delivery("stall=body:90"),
            Delivery::Stall(Part::Body, Some(ms(90)))
        );
        let canned = parse("status=503;body=%3Chtml%3E%0A;content-type=text%2Fhtml")
            .unwrap()
            .response
            .unwrap();
        assert_eq!(canned.body.as_deref(), Some(&b"<html>\n"[..]));
        assert_eq!(canned.content_type.as_deref(), Some("text/html"));
        let canned = parse("status=429;retry-after=7;retry-after-header=Wed%2C%2021%20Oct")
            .unwrap()
            .response
            .unwrap();
        assert_eq!(canned.problem().retry_after, Some(7));
        assert_eq!(canned.problem().code, Some(Code::TooManyRequests));
        assert_eq!(canned.retry_after_header.as_deref(), Some("Wed, 21 Oct"));
        let quota = parse("status=500;times=2;id=a").unwrap().quota.unwrap();
        assert_eq!(
            quota,
            Quota {
                id: "a".into(),
                times: 2
            }
        );
        let long = "x".repeat(LONGEST_ID);
        assert!(parse(&format!("status=500;times=2;id={long}")).is_ok());
        assert!(parse(&format!("status=500;times=2;id={long}x")).is_err());
    }

    #[test]
    fn a_code_brings_its_status_and_a_status_its_code() {
        for code in Code::ALL {
            let canned = parse(&format!("code={}", code.as_str()))
                .unwrap()
                .response
                .unwrap();
            assert_eq!((canned.status, canned.code), (code.status(), Some(*code)));
        }
        let moved = parse("code=IDEMPOTENCY_CONCURRENT_USE;status=422")
            .unwrap()
            .response
            .unwrap();
        assert_eq!(moved.problem().status, 422);
        let bare = parse("status=502").unwrap().response.unwrap();
        assert_eq!(bare.problem().code, None);
        assert_eq!(bare.problem().status, 502);
    }

    #[test]
    fn a_request_that_asks_for_no_fault_draws_one() {
        let lottery = Lottery::parse("100% status=503", 1).unwrap();
        let mut faults = Faults::with_lottery(lottery);
        let drawn = faults.of(&HeaderMap::new()).unwrap();
        assert_eq!(drawn, parse("status=503").unwrap());
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, "delay=5".parse().unwrap());
        assert_eq!(faults.of(&headers).unwrap(), parse("delay=5").unwrap());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, wanted) in [
            ("delay", "name=value"),
            ("delay=x", "delay has to be a whole number"),
            ("delay=600001", "at most"),
            ("status=99", "200 to 599"),
            ("code=OOPS", "catalogue"),
            ("drop=now", "before or after"),
            ("deliver=thrice", "has to be twice"),
            ("stall=tail", "headers or body"),
            ("drop=after;truncate=1", "only one"),
            ("retry-after=1", "need a status"),
            ("retry-after-header=1", "need a status"),
            ("content-type=text%2Fhtml", "need a status"),
            ("body=x", "need a status"),
            ("times=1", "go together"),
            ("delay=1;delay=2", "twice"),
            ("retry-after-header=%0A;status=429", "printable"),
            ("teapot=1", "known items"),
        ] {
            let detail = parse(text).unwrap_err().detail;
            assert!(detail.contains(wanted), "{text}: {detail}");
        }
    }
}
