//! The log on standard error. Nothing that a client chooses reaches it: neither names nor values,
//! not even a method that HTTP does not know.

use std::{
    io::Write,
    panic::{self, PanicHookInfo},
};

/// Writes one line in one write: standard error has no buffer, and `eprintln` writes in pieces.
pub fn write(line: &str) {
    // A log that cannot be written is no reason to fail a request.
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Has each panic of this process logged by its place. The message is left out: that of the standard
/// library for a text cut within a character, for one, quotes the text.
pub fn hide_panic_messages() {
    panic::set_hook(Box::new(|info| write(&panic_line(info))));
}

fn panic_line(info: &PanicHookInfo<'_>) -> String {
    match info.location() {
        Some(place) => format!("panicked at {}:{}", place.file(), place.line()),
        None => "panicked".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, Mutex},
        thread,
    };

    use super::*;

    #[test]
    fn a_panic_is_logged_by_its_place_and_not_by_its_message() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        // Other tests may panic meanwhile, on purpose.
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            kept.lock().unwrap().push(panic_line(info));
        }));
        let text = "Ottoline é".to_owned();
        let ended = thread::spawn(move || text.get(..10).unwrap_or(&text[..10]).len()).join();
        panic::set_hook(before);
        assert!(ended.is_err());
        let lines = lines.lock().unwrap();
        assert!(
            lines.iter().any(|line| line.contains("log.rs:")),
            "{lines:?}"
        );
        assert!(!lines.concat().contains("Ottoline"), "{lines:?}");
    }
}
