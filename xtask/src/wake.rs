//! Keeps the web server of wasm-bindgen's test runner awake.
//!
//! The runner serves the page that runs the tests by `tiny_http` 0.12, where two connections that
//! come at the same moment may both be handed to the one thread that is idle (`TaskPool::spawn`).
//! The second then waits for the first to close, which a browser does not do, unless yet another
//! connection comes. A browser opens six for the client's JavaScript: the page never finished
//! loading, and its driver gave up after five minutes. So yet another connection comes.

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::time::Duration;
use std::{fs, thread};

/// How often: next to the seconds that a browser takes to start, no delay.
const INTERVAL: Duration = Duration::from_millis(250);

/// Connects to the server of this process from time to time, for as long as the process lives.
pub(crate) fn own_server() {
    thread::spawn(|| {
        loop {
            thread::sleep(INTERVAL);
            for port in own_ports() {
                // Nothing is asked. If the server is gone, so is the need.
                drop(TcpStream::connect((Ipv4Addr::LOCALHOST, port)));
            }
        }
    });
}

/// The ports on which this process listens. Only Linux lists them; elsewhere there are none.
fn own_ports() -> Vec<u16> {
    let sockets: HashSet<String> = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|target| inode(&target))
        .collect();
    let table = fs::read_to_string("/proc/self/net/tcp").unwrap_or_default();
    table
        .lines()
        .filter_map(|line| listening(line, &sockets))
        .collect()
}

/// The number of a socket, by what a descriptor leads to: `socket:[4711]`.
fn inode(target: &Path) -> Option<String> {
    let name = target.to_str()?.strip_prefix("socket:[")?;
    Some(name.strip_suffix(']')?.to_owned())
}

/// The port, if a line of the kernel's table is of a socket among these that listens.
fn listening(line: &str, sockets: &HashSet<String>) -> Option<u16> {
    const LISTENS: &str = "0A";
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (address, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    if *state != LISTENS || !sockets.contains(*inode) {
        return None;
    }
    u16::from_str_radix(address.rsplit(':').next()?, 16).ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn the_port_of_a_listener_of_this_process_is_found() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("its address").port();
        assert!(own_ports().contains(&port));
        drop(listener);
        assert!(!own_ports().contains(&port));
    }
}
