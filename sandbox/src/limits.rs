//! What one client can take from the others.

use std::time::Duration;

/// Bounds on connections and on patience. Those on sizes are the same everywhere: see
/// [`http`](crate::http).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time. For a further one an idle one is closed, or it waits.
    pub connections: usize,
    /// How long a connection may take to send a head, the idle time before it included.
    pub head: Duration,
    /// How long a body may take to arrive.
    pub body: Duration,
    /// How long a client may take nothing of a response.
    pub response: Duration,
    /// How long a fault holds a connection that is to be held until the client goes.
    pub stall: Duration,
    /// How long the search for one page may take, after its turn has come.
    pub list: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Besides the database's files that leaves room below 1024 open files, which is all that
            // many systems allow.
            connections: 900,
            head: Duration::from_secs(60),
            body: Duration::from_secs(30),
            response: Duration::from_secs(30),
            // As long as the longest wait that a fault can ask for.
            stall: Duration::from_secs(600),
            // Several times what a million rows take, and half of what clients wait (BEHAVIOUR 1.7).
            list: Duration::from_secs(30),
        }
    }
}
