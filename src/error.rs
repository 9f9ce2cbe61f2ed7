//! What an error says: its kind, its words and its properties. The classes are in `js/errors.js`.

use crate::contract::operation::Operation;
use crate::contract::schema::{Enumeration, Pattern, Shape};
use crate::execute::Known;
use crate::kernel::{define, fits, own, text_of, to_js};
use crate::options::{BLANK, TOKEN};
use crate::policy::advice::{self, Rejected};
use crate::policy::attempts::Attempts;
use crate::response::{Problem, Report};
use crate::transport::{AttemptResult, Ending, Exchange, is_page};
use crate::validate::{Finding, first_required, found, number, wanted};
use serde::Serialize;
use std::borrow::Cow;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/errors.js")]
extern "C" {
    /// What an error will say, once the module has returned.
    type Failure;
    #[wasm_bindgen(constructor)]
    fn new(kind: &str, message: &str, details: &JsValue, hidden: &JsValue) -> Failure;
}

/// The properties of an error. Absent ones are left out.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    operation: Option<&'static str>,
    outcome: &'static str,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    argument: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issues: Option<Vec<Finding>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
}

/// What may be shown of a value that the host or a caller's function threw.
#[derive(Serialize)]
struct Cause {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// The names of errors that hosts throw. Any other may be data, and is not shown.
#[rustfmt::skip]
static ERROR_NAMES: Shape = Shape::Enumeration(&Enumeration {
    name: "ErrorName",
    values: &[
        "Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError",
        "TypeError", "URIError", "AbortError", "DataCloneError", "DOMException", "InvalidStateError",
        "NetworkError", "NotAllowedError", "NotReadableError", "NotSupportedError", "OperationError",
        "QuotaExceededError", "SecurityError", "TimeoutError", "FetchError", "SystemError",
        "BodyTimeoutError", "ConnectTimeoutError", "HeadersTimeoutError", "InformationalError",
        "RequestAbortedError", "ResponseExceededMaxSizeError", "SocketError", "BadResource",
        "BrokenPipe", "ConnectionAborted", "ConnectionRefused", "ConnectionReset", "Http",
        "Interrupted", "InvalidData", "NotCapable", "NotConnected", "PermissionDenied", "TimedOut",
        "UnexpectedEof",
    ],
    open: false,
});

/// The codes of a connection that failed. Any other may be data, and is not shown.
#[rustfmt::skip]
static NETWORK_CODES: Shape = Shape::Enumeration(&Enumeration {
    name: "NetworkCode",
    values: &[
        "EACCES", "EADDRINUSE", "EADDRNOTAVAIL", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME",
        "ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EHOSTDOWN", "EHOSTUNREACH", "EMFILE", "ENETDOWN",
        "ENETRESET", "ENETUNREACH", "ENFILE", "ENOBUFS", "ENOTCONN", "ENOTFOUND", "EPERM", "EPIPE",
        "EPROTO", "ESOCKETTIMEDOUT", "ETIMEDOUT", "ERR_INVALID_URL", "ERR_STREAM_PREMATURE_CLOSE",
        "UND_ERR_ABORTED", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CLOSED", "UND_ERR_CONNECT_TIMEOUT",
        "UND_ERR_DESTROYED", "UND_ERR_HEADERS_OVERFLOW", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_INFO",
        "UND_ERR_INVALID_ARG", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
        "UND_ERR_RES_EXCEEDED_MAX_SIZE", "UND_ERR_SOCKET",
        "ConnectionClosed", "ConnectionRefused", "ConnectionReset", "FailedToOpenSocket", "Timeout",
        "UnableToConnect",
    ],
    open: false,
});

/// The codes of a certificate that is refused, which retrying does not change.
#[rustfmt::skip]
static CERTIFICATE_CODES: Shape = Shape::Enumeration(&Enumeration {
    name: "CertificateCode",
    values: &[
        "CERT_CHAIN_TOO_LONG", "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "CERT_REJECTED",
        "CERT_REVOKED", "CERT_SIGNATURE_FAILURE", "CERT_UNTRUSTED", "DEPTH_ZERO_SELF_SIGNED_CERT",
        "ERR_TLS_CERT_ALTNAME_INVALID", "HOSTNAME_MISMATCH", "INVALID_CA", "INVALID_PURPOSE",
        "PATH_LENGTH_EXCEEDED", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT",
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
    open: false,
});

/// Deno has no code for it, only words.
static CERTIFICATE_WORDS: Shape = Shape::Text(&Pattern {
    name: "CertificateWords",
    form: "invalid peer certificate|certificate verify failed",
    wanted: "",
});

/// A method of the host's that lost its object, in the words of V8 and of workerd.
static ILLEGAL_INVOCATION: Shape = Shape::Text(&Pattern {
    name: "IllegalInvocation",
    form: "Illegal invocation|called on an object that does not implement",
    wanted: "",
});

/// The `digest` of what Next.js throws to redirect, to show another page or to render later.
static CONTROL_FLOW_DIGEST: Shape = Shape::Text(&Pattern {
    name: "ControlFlowDigest",
    form: "^(NEXT_.*|DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT_SIDE_RENDERING|HANGING_PROMISE_REJECTION)$",
    wanted: "",
});

/// Whether a thrown value is how a framework says what to do next, which must reach it unchanged.
pub fn is_control_flow(thrown: &JsValue) -> bool {
    thrown.is_object()
        && (fits(&own(thrown, "digest"), &CONTROL_FLOW_DIGEST)
            || crate::transport::is_postpone(thrown))
}

/// Deno has no codes for these, only words.
static REFUSED_WORDS: Shape = Shape::Text(&Pattern {
    name: "RefusedWords",
    form: "[Cc]onnection refused|ECONNREFUSED",
    wanted: "",
});
static NOT_FOUND_WORDS: Shape = Shape::Text(&Pattern {
    name: "NotFoundWords",
    form: "dns error|failed to lookup|ENOTFOUND|EAI_",
    wanted: "",
});
static RESET_WORDS: Shape = Shape::Text(&Pattern {
    name: "ResetWords",
    form: "[Cc]onnection reset|ECONNRESET|other side closed",
    wanted: "",
});

/// Why there was no response, in words that end before an address.
fn unreachable_words(thrown: &JsValue) -> &'static str {
    let cause = own(thrown, "cause");
    let says = |shape| {
        let errors = [thrown, &cause];
        let mut texts = errors
            .iter()
            .flat_map(|error| [own(error, "code"), own(error, "message")]);
        texts.any(|text| fits(&text, shape))
    };
    match network_code(thrown).as_deref() {
        Some("ECONNREFUSED" | "ConnectionRefused") => "connection refused by",
        Some("ENOTFOUND" | "EAI_AGAIN" | "EAI_FAIL" | "EAI_NODATA" | "EAI_NONAME") => {
            "no address was found for the host of"
        }
        Some("ECONNRESET" | "ConnectionReset" | "UND_ERR_SOCKET") => "connection reset by",
        _ if says(&REFUSED_WORDS) => "connection refused by",
        _ if says(&NOT_FOUND_WORDS) => "no address was found for the host of",
        _ if says(&RESET_WORDS) => "connection reset by",
        _ if is_page() => "no response (a missing CORS permission looks the same) from",
        _ => "no response from",
    }
}

/// A failure of `fetch` that sending again does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permanent {
    /// The server's certificate is not accepted.
    Certificate,
    /// `fetch` was taken from its object.
    IllegalInvocation,
}

/// Why sending again does not help, if it does not.
pub fn permanent(thrown: &JsValue) -> Option<Permanent> {
    let cause = own(thrown, "cause");
    let any = |name: &str, shape| {
        [thrown, &cause]
            .iter()
            .any(|error| fits(&own(error, name), shape))
    };
    if any("code", &CERTIFICATE_CODES) || any("message", &CERTIFICATE_WORDS) {
        return Some(Permanent::Certificate);
    }
    any("message", &ILLEGAL_INVOCATION).then_some(Permanent::IllegalInvocation)
}

/// The name and the code, if they are known: a thrown value's words may quote anything.
fn cause_of(thrown: &JsValue) -> Option<Cause> {
    if thrown.is_undefined() {
        return None;
    }
    let name = crate::transport::name_of(thrown);
    Some(Cause {
        name: text_of(&name, &ERROR_NAMES)
            .or_else(|| thrown.js_typeof().as_string())
            .unwrap_or_default(),
        code: network_code(thrown),
    })
}

/// The code of a connection that failed, if it is known.
pub fn network_code(thrown: &JsValue) -> Option<String> {
    let code = |error: &JsValue| {
        let code = own(error, "code");
        text_of(&code, &NETWORK_CODES).or_else(|| text_of(&code, &CERTIFICATE_CODES))
    };
    code(thrown).or_else(|| code(&own(thrown, "cause")))
}

/// A plain object for what may quote personal data.
fn hidden(members: &[(&str, &JsValue)]) -> JsValue {
    let object = js_sys::Object::new().into();
    for (name, value) in members {
        if !value.is_undefined() {
            define(&object, name, value);
        }
    }
    object
}

/// The error for arguments that do not fit.
pub fn invalid(operation: Option<Operation>, findings: &[Finding], cause: &JsValue) -> JsValue {
    let name = operation.map(Operation::name);
    let mut message = String::from(name.unwrap_or("new CustomersApi"));
    message.push_str(": ");
    for (
        index,
        Finding {
            path,
            found,
            expected,
        },
    ) in findings.iter().enumerate()
    {
        message.push_str(if index > 0 { "; " } else { "" });
        for part in [path, ": ", found, ", expected ", expected] {
            message.push_str(part);
        }
    }
    message.push_str(". Nothing was sent.");
    let path = findings.first().map(|finding| finding.path.as_str());
    let details = Details {
        operation: name,
        outcome: "not_sent",
        argument: path.and_then(|path| path.split(['.', '[']).next()),
        issues: Some(findings.to_vec()),
        cause: cause_of(cause),
        ..Details::default()
    };
    Failure::new(
        "ValidationError",
        &message,
        &to_js(&details),
        &hidden(&[("cause", cause)]),
    )
    .into()
}

/// The error for one argument that does not fit.
pub fn refuse(
    operation: Option<Operation>,
    path: &str,
    found: &str,
    expected: &str,
    cause: &JsValue,
) -> JsValue {
    let finding = Finding {
        path: path.to_owned(),
        found: found.to_owned().into(),
        expected: expected.to_owned().into(),
    };
    invalid(operation, &[finding], cause)
}

/// The error for a client without a token.
pub fn token_missing() -> JsValue {
    let details = Details {
        outcome: "not_sent",
        argument: Some("options"),
        issues: Some(vec![Finding {
            path: "options.accessToken".to_owned(),
            found: "missing".into(),
            expected: wanted(&TOKEN),
        }]),
        ..Details::default()
    };
    let message =
        "new CustomersApi: accessToken is missing. Is SYNCTERA_API_KEY set? Nothing was sent.";
    Failure::new("ValidationError", message, &to_js(&details), &hidden(&[])).into()
}

/// What is known of a call that failed.
pub struct Failed<'a> {
    /// The operation.
    pub operation: Operation,
    /// Where the last attempt went.
    pub base_url: &'a str,
    /// The deadline of the call, in milliseconds.
    pub timeout_ms: f64,
    /// The attempts so far.
    pub attempts: &'a Attempts,
    /// How the last one ended.
    pub result: AttemptResult,
    /// Whether the idempotency key is the caller's, not one that the client made.
    pub has_callers_key: bool,
    /// What else is known of the attempts.
    pub known: &'a Known,
}

impl Failed<'_> {
    /// The error.
    pub fn error(&self, exchange: &Exchange) -> JsValue {
        let (operation, result) = (self.operation, self.result);
        let outcome = self.attempts.outcome();
        let mut draft = Draft {
            kind: "ConnectionError",
            words: String::new(),
            details: Details {
                operation: Some(operation.name()),
                outcome: outcome.name(),
                attempts: self.attempts.made(),
                retry_after_ms: self.problem().and_then(|problem| problem.asked_ms),
                ..Details::default()
            },
            hidden: vec![("idempotencyKey", exchange.idempotency_key())],
        };
        let mut advice: Cow<'static, str> = advice::after(operation, outcome).into();
        match result.ending {
            Ending::TimedOut => self.timed_out(&mut draft),
            Ending::Aborted => {
                draft.kind = "AbortError";
                draft.words.push_str(": aborted by the caller");
                draft.hidden.push(("reason", exchange.reason()));
            }
            Ending::NoToken => no_token(exchange, &mut draft),
            Ending::ThrottleFailed => {
                draft.kind = "ThrottleError";
                draft.words.push_str(": the throttle function failed");
                draft.caused_by(exchange.error());
            }
            Ending::InvalidHeaders => self.invalid_headers(&mut draft),
            Ending::Answered if result.status >= 300 => {
                advice = self.advice();
                self.rejected(exchange, &mut draft);
            }
            Ending::TooLarge => {
                advice = advice::too_large(operation).into();
                undecodable(operation, result, exchange, &mut draft);
            }
            Ending::Answered => undecodable(operation, result, exchange, &mut draft),
            _ => self.unreachable(exchange, &mut draft),
        }
        let message = [operation.name(), &draft.words, ". ", &advice].concat();
        let properties = to_js(&draft.details);
        if result.status > 0 {
            draft.hidden.push(("headers", exchange.headers_object()));
            draft.hidden.push(("body", exchange.body()));
            let request_id = exchange.request_id();
            if !request_id.is_undefined() {
                define(&properties, "requestId", &request_id);
            }
        }
        let members: Vec<_> = draft
            .hidden
            .iter()
            .map(|(name, value)| (*name, value))
            .collect();
        Failure::new(draft.kind, &message, &properties, &hidden(&members)).into()
    }

    fn problem(&self) -> Option<&Problem> {
        self.known.problem.as_ref()
    }

    fn advice(&self) -> Cow<'static, str> {
        let report = self.problem().and_then(|problem| problem.report.as_ref());
        advice::rejected(&Rejected {
            operation: self.operation,
            status: self.result.status,
            row: self.problem().and_then(|problem| problem.row),
            base_url: self.base_url,
            has_callers_key: self.has_callers_key,
            asked_ms: self.problem().and_then(|problem| problem.asked_ms),
            accepted: report.map_or(&[][..], |report| report.accepted.as_slice()),
        })
    }

    fn timed_out(&self, draft: &mut Draft<'_>) {
        draft.kind = "TimeoutError";
        draft.details.timeout_ms = Some(self.timeout_ms);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it saturates"
        )]
        let ms = number(self.timeout_ms as u64);
        draft.words = [": no result within ", &ms, " ms"].concat();
    }

    fn unreachable(&self, exchange: &Exchange, draft: &mut Draft<'_>) {
        let thrown = exchange.error();
        let made = self.attempts.made();
        let why = match (self.result.ending, permanent(&thrown)) {
            (Ending::NotAResponse, _) => "fetch returned something that is not a response, for",
            (Ending::BrokenOff, _) => "the response broke off on its way from",
            (_, Some(Permanent::Certificate)) => "the certificate is not trusted of",
            (_, Some(Permanent::IllegalInvocation)) => ILLEGAL_INVOCATION_WORDS,
            _ => unreachable_words(&thrown),
        };
        draft.caused_by(thrown);
        let attempts = if made == 1 { " attempt" } else { " attempts" };
        draft.words = [
            ": ",
            why,
            " ",
            self.base_url,
            " after ",
            &number(made),
            attempts,
        ]
        .concat();
    }
}

impl<'a> Failed<'a> {
    /// The hook `onRequest` gave headers that cannot be sent.
    fn invalid_headers(&self, draft: &mut Draft<'a>) {
        draft.kind = "ValidationError";
        draft.details.argument = Some("onRequest");
        let Some(rejected) = &self.known.headers else {
            return;
        };
        let Finding {
            path,
            found,
            expected,
        } = &rejected.finding;
        draft.words = [": ", path, ": ", found, ", expected ", expected].concat();
        draft.details.issues = Some(vec![rejected.finding.clone()]);
        draft.hidden.push(("cause", rejected.thrown.clone()));
    }

    fn rejected(&self, exchange: &Exchange, draft: &mut Draft<'a>) {
        draft.kind = "ApiError";
        draft.words = [" failed: ", &number(self.result.status)].concat();
        let Draft {
            words,
            details,
            hidden,
            ..
        } = draft;
        details.status = Some(self.result.status);
        details.retry_after = details.retry_after_ms.map(|ms| ms / 1000.0);
        let problem = self.known.problem.as_ref();
        let report = problem.and_then(|problem| problem.report.as_ref());
        let (kind, what) = match report {
            Some(report) => {
                details.code = report.code.as_deref();
                hidden.extend(report.members());
                ("problem", report.words.as_str())
            }
            None => {
                let empty = Report::default();
                hidden.extend(empty.members());
                if exchange.is_json() {
                    ("json", ", with JSON that is no problem report")
                } else if is_blank(&exchange.body()) {
                    ("empty", ", with an empty body")
                } else {
                    ("text", ", with a body that is not JSON")
                }
            }
        };
        details.body_kind = Some(kind);
        words.push_str(what);
    }
}

/// An error in the making.
struct Draft<'a> {
    kind: &'static str,
    words: String,
    details: Details<'a>,
    hidden: Vec<(&'static str, JsValue)>,
}

impl Draft<'_> {
    /// Takes what the host or a caller's function threw.
    fn caused_by(&mut self, thrown: JsValue) {
        self.details.cause = cause_of(&thrown);
        self.hidden.push(("cause", thrown));
    }
}

/// The token function failed, or returned something else.
fn no_token(exchange: &Exchange, draft: &mut Draft<'_>) {
    draft.kind = "TokenError";
    draft.caused_by(exchange.error());
    draft.words = match &draft.details.cause {
        Some(Cause { name, code }) => {
            let code = code
                .as_deref()
                .map_or(String::new(), |code| [" ", code].concat());
            [": the accessToken function failed (", name, &code, ")"].concat()
        }
        None => {
            let found = found(&exchange.token());
            let expected = wanted(&TOKEN);
            [
                ": the accessToken function returned ",
                &found,
                ", expected ",
                &expected,
            ]
            .concat()
        }
    };
}

/// A success whose body is of no use, or a body that is too large.
fn undecodable(
    operation: Operation,
    result: AttemptResult,
    exchange: &Exchange,
    draft: &mut Draft<'_>,
) {
    let content_type = exchange.header("content-type");
    let (problem, words) = if result.ending == Ending::TooLarge {
        ("too_large", "is larger than maxResponseBytes")
    } else if exchange.is_json() {
        ("unexpected_shape", "lacks what the contract requires")
    } else if is_blank(&exchange.body()) {
        ("empty_body", "is empty")
    } else if content_type.is_string() && !fits(&content_type, &JSON_TYPE) {
        (
            "not_json",
            "is not JSON (something between here and the API?)",
        )
    } else {
        ("malformed_json", "is malformed JSON")
    };
    draft.kind = "DecodeError";
    draft.details.problem = Some(problem);
    draft.details.status = Some(result.status);
    let status = number(result.status);
    draft.words = [": the server answered ", &status, ", but its body ", words].concat();
    if problem == "unexpected_shape"
        && let Some(finding) = first_required(&exchange.body(), operation.receives())
    {
        let Finding {
            path,
            found,
            expected,
        } = finding;
        for part in [": ", &path, ": ", &found, ", expected ", &expected] {
            draft.words.push_str(part);
        }
    }
}

/// Whether a body is no text, or nothing but spaces.
fn is_blank(body: &JsValue) -> bool {
    !body.is_string() || fits(body, &BLANK)
}

static JSON_TYPE: Shape = Shape::Text(&Pattern {
    name: "JsonType",
    form: "json",
    wanted: "",
});

const ILLEGAL_INVOCATION_WORDS: &str = "fetch was called without its object (Illegal invocation): \
     give the object itself, or (url, init) => object.fetch(url, init); nothing could be sent to";
