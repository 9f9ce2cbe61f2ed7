//! The command `synctera-sandbox`.

use std::{
    error::Error,
    fs::File,
    io::{Read, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Parser, ValueEnum};
use synctera_sandbox::{
    clock,
    core::{
        access::Access,
        lottery::Lottery,
        rules::{ReadOnlyFields, Rules},
    },
    http::{App, Log, app},
    limits::Limits,
    log, seed,
    server::serve,
    service::Service,
    store::SqliteStore,
    webhook::{Receiver, Webhook},
};
use tokio::net::TcpListener;
use uuid::Uuid;

/// The environment variable with the API key that lets in.
const TOKEN_VARIABLE: &str = "SANDBOX_TOKEN";

/// The environment variable with what signs webhooks.
const WEBHOOK_SECRET_VARIABLE: &str = "SANDBOX_WEBHOOK_SECRET";

/// Bytes of a token's file: more than fit a header.
const LARGEST_TOKEN_FILE: u64 = 64 * 1024;

/// A local imitation of Synctera's Customers API. Unofficial.
#[derive(Parser)]
#[command(
    version,
    after_help = "The API key that lets in comes from --token or --token-file, else from the \
                  environment variable SANDBOX_TOKEN; else it is a new random one. What signs \
                  webhooks comes from --webhook-secret, else from SANDBOX_WEBHOOK_SECRET."
)]
struct Arguments {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Address to listen on; other than a loopback address it lets other machines in
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Database file to keep customers in, made if there is none [default: in memory]
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// API key that lets in; other users see it in the list of processes
    #[arg(long)]
    token: Option<String>,
    /// File that holds the API key that lets in
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    token_file: Option<PathBuf>,
    /// API key that is known but gets 403; may be repeated
    #[arg(long, value_name = "TOKEN", value_parser = token)]
    forbidden_token: Vec<String>,
    /// Fill the database up to N fictional people
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Workspace that owns every customer
    #[arg(long, default_value_t = Rules::default().tenant)]
    tenant: String,
    /// Ask for both names and the birth date where a customer becomes ACTIVE
    #[arg(long)]
    strict_active: bool,
    /// What to do with read-only fields in a body
    #[arg(long, value_enum, default_value_t = ReadOnly::Reject)]
    read_only_fields: ReadOnly,
    /// Status of the response to a second request while the first holds the idempotency key
    #[arg(long, value_parser = ["409", "422"], default_value = "409")]
    concurrent_use_status: String,
    /// Faults that requests draw at random, such as "20% drop=after, 5% status=503"
    #[arg(long, value_name = "LIST", default_value = "")]
    random_faults: String,
    /// Where the draws begin; the same seed draws the same faults
    #[arg(long, value_name = "N", default_value_t = 1)]
    fault_seed: u64,
    /// Where to send webhooks: an http URL, which gets an event for every change
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// What signs webhooks; other users see it in the list of processes
    #[arg(long, value_name = "SECRET", requires = "webhook")]
    webhook_secret: Option<String>,
    /// End when standard input is closed
    #[arg(long)]
    exit_with_parent: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ReadOnly {
    /// Answer 400
    Reject,
    /// Leave them out, with a warning
    Ignore,
}

fn token(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("a token is one or more printable ASCII characters without spaces".to_owned())
    }
}

/// The token in a file, with or without a line break at its end.
fn token_in(path: &Path) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    let file = File::open(path)?;
    file.take(LARGEST_TOKEN_FILE).read_to_string(&mut text)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(token(line.strip_suffix('\r').unwrap_or(line))?)
}

impl Arguments {
    /// The API key that lets in. No message quotes it.
    fn token(&self) -> Result<String, String> {
        if let Some(text) = &self.token {
            return token(text).map_err(|error| format!("--token: {error}"));
        }
        if let Some(path) = &self.token_file {
            return token_in(path)
                .map_err(|error| format!("--token-file {}: {error}", path.display()));
        }
        match std::env::var_os(TOKEN_VARIABLE) {
            // What is not UTF-8 is no token either.
            Some(text) => token(text.to_str().unwrap_or_default())
                .map_err(|error| format!("{TOKEN_VARIABLE}: {error}")),
            None => Ok(Uuid::new_v4().to_string()),
        }
    }

    /// Where webhooks go, if anywhere. No message quotes the secret.
    fn receiver(&self) -> Result<Option<Receiver>, String> {
        let Some(url) = &self.webhook else {
            return Ok(None);
        };
        let secret = match &self.webhook_secret {
            Some(secret) => secret.clone(),
            None => std::env::var(WEBHOOK_SECRET_VARIABLE).map_err(|_| {
                format!("--webhook needs --webhook-secret or {WEBHOOK_SECRET_VARIABLE}")
            })?,
        };
        let receiver = Receiver::new(url, &secret);
        receiver
            .map(Some)
            .map_err(|error| format!("--webhook: {error}"))
    }

    fn rules(&self) -> Rules {
        Rules {
            tenant: self.tenant.clone(),
            strict_active: self.strict_active,
            read_only_fields: match self.read_only_fields {
                ReadOnly::Reject => ReadOnlyFields::Reject,
                ReadOnly::Ignore => ReadOnlyFields::Ignore,
            },
            concurrent_use_status: if self.concurrent_use_status == "422" {
                422
            } else {
                409
            },
        }
    }

    fn store(&self) -> Result<SqliteStore, Box<dyn Error>> {
        let store = match &self.db {
            Some(path) => SqliteStore::open(path)
                .map_err(|error| format!("cannot open {}: {error}", path.display()))?,
            None => SqliteStore::in_memory()?,
        };
        seed::fill(&store, self.seed, &self.tenant)?;
        Ok(store)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::hide_panic_messages();
    match start(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("synctera-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let token = arguments.token()?;
    let receiver = arguments.receiver()?;
    let store = arguments.store()?;
    let service = Service::new(
        Arc::new(store),
        arguments.rules(),
        Arc::new(clock::now),
        Arc::new(Uuid::new_v4),
    );
    let access = Access::new(&token, &arguments.forbidden_token);
    let lottery = Lottery::parse(&arguments.random_faults, arguments.fault_seed)
        .map_err(|error| format!("--random-faults: {error}"))?;
    let log: Log = Arc::new(log::write);
    let limits = Limits::default();
    let shared = App::new(Arc::clone(&service), access, Arc::clone(&log))
        .with_lottery(lottery)
        .with_limits(limits);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let place = (arguments.host.as_str(), arguments.port);
        let listener = TcpListener::bind(place)
            .await
            .map_err(|error| format!("cannot listen on {} port {}: {error}", place.0, place.1))?;
        let end = end(arguments.exit_with_parent)?;
        let address = listener.local_addr()?;
        // Who lets other machines in is called by other names.
        let shared = if address.ip().is_loopback() {
            shared
        } else {
            shared.with_any_host()
        };
        if let Some(receiver) = receiver {
            let webhook = Webhook::start(receiver, log);
            service.observe(Box::new(move |event| webhook.queue(event)));
        }
        announce(address, &token)?;
        serve(listener, app(shared), limits, end).await;
        Ok::<_, Box<dyn Error>>(())
    })?;
    // A request held up by a fault must not keep the process alive.
    runtime.shutdown_background();
    Ok(())
}

/// The two lines that a driver reads; nothing else ever goes to standard output.
fn announce(address: SocketAddr, token: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Base URL: http://{address}/v0")?;
    writeln!(out, "Token:    {token}")?;
    out.flush()
}

/// Ready when the process is asked to end. The handlers stand before this returns, so that a signal
/// right after the announcement is not lost.
fn end(with_parent: bool) -> std::io::Result<impl Future<Output = ()>> {
    let (parent_gone, gone) = tokio::sync::oneshot::channel::<()>();
    if with_parent {
        std::thread::spawn(move || {
            let mut buffer = [0; 256];
            let mut input = std::io::stdin().lock();
            while matches!(input.read(&mut buffer), Ok(1..)) {}
            drop(parent_gone);
        });
    } else {
        // Never fires: the sender lives as long as the process.
        std::mem::forget(parent_gone);
    }
    let signals = signals()?;
    Ok(async move {
        tokio::select! {
            () = signals => {}
            _ = gone => {}
        }
    })
}

#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
