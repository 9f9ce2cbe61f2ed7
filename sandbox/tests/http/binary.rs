//! The command itself: what it prints, how it ends, what survives.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::harness::{Call, Reply, agent, ottoline};

/// A sandbox in a separate process, killed when dropped.
struct Process {
    child: Child,
    base: String,
    token: String,
}

/// The program, without a key from the environment of the tests.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_synctera-sandbox"));
    command.env_remove("SANDBOX_TOKEN");
    command
}

/// The message of a program that does not start.
#[track_caller]
fn failure(command: &mut Command) -> String {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut process = Process::of(child);
    assert_ne!(process.wait(), Some(0));
    let (mut out, mut message) = (String::new(), String::new());
    let child = &mut process.child;
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut message)
        .unwrap();
    assert!(out.is_empty() && !message.is_empty(), "{out}{message}");
    message
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        Self::spawn(program().args(arguments))
    }

    /// One whose address and key are not known.
    fn of(child: Child) -> Self {
        Self {
            child,
            base: String::new(),
            token: String::new(),
        }
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .args(["--port", "0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let base = lines.next().unwrap().unwrap();
        let token = lines.next().unwrap().unwrap();
        Self {
            base: base.strip_prefix("Base URL: ").unwrap().to_owned(),
            token: token.strip_prefix("Token:    ").unwrap().to_owned(),
            child,
        }
    }

    fn on(path: &Path, arguments: &[&str]) -> Self {
        let database = ["--db", path.to_str().unwrap()];
        let mut command = program();
        Self::spawn(
            command
                .env("SANDBOX_TOKEN", "known-token")
                .args(database)
                .args(arguments),
        )
    }

    fn call(&self, method: &str, path: &str) -> Call {
        Call::new(&agent(), &self.base, method, path)
            .header("Authorization", &format!("Bearer {}", self.token))
    }

    fn post(&self, key: &str, body: &Value) -> Reply {
        self.call("POST", "/customers").key(key).json(body)
    }

    /// Waits for the end; the exit code, or none if a signal ended it.
    fn wait(&mut self) -> Option<i32> {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begin.elapsed() < Duration::from_secs(30), "it does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn signal(&self, name: &str) {
        // The shell's own: the program is in a package that small images leave out.
        let kill = format!("kill {name} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_prints_two_lines_and_a_fresh_token_each_time() {
    let (mut one, two) = (Process::start(&[]), Process::start(&[]));
    for process in [&one, &two] {
        assert!(process.base.starts_with("http://127.0.0.1:") && process.base.ends_with("/v0"));
        assert_eq!(process.token.len(), 36);
        process.call("GET", "/customers").send().ok();
    }
    assert_ne!(one.token, two.token);
    one.signal("-TERM");
    assert_eq!(one.wait(), Some(0));
    let mut rest = String::new();
    one.child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut rest)
        .unwrap();
    assert_eq!(rest, "", "nothing but the two lines");
}

#[test]
#[cfg(target_os = "linux")] // Elsewhere 127.0.0.2 is no address of this machine.
fn it_listens_on_one_loopback_address_only() {
    let process = Process::start(&[]);
    let port = process.base.strip_prefix("http://127.0.0.1:").unwrap();
    let port = port.strip_suffix("/v0").unwrap();
    assert!(std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_ok());
    let error = std::net::TcpStream::connect(format!("127.0.0.2:{port}")).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

/// The modes of the files of a database, and where they are.
#[cfg(unix)]
fn modes(path: &Path) -> Vec<(String, u32)> {
    use std::os::unix::fs::PermissionsExt;
    let mode = |end: &str| {
        let file = format!("{}{end}", path.display());
        let metadata = std::fs::metadata(&file).ok()?;
        Some((file, metadata.permissions().mode() & 0o777))
    };
    ["", "-wal", "-shm", "-journal"]
        .into_iter()
        .filter_map(mode)
        .collect()
}

#[cfg(unix)]
#[track_caller]
fn assert_private(path: &Path, files: usize) {
    let modes = modes(path);
    assert_eq!(modes.len(), files, "{modes:?}");
    assert!(modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
#[cfg(unix)]
fn its_database_is_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let process = Process::on(&path, &[]);
    process.post("k", &ottoline()).ok();
    assert_private(&path, 3);
}

#[test]
#[cfg(unix)]
fn its_database_is_private_under_any_umask() {
    for umask in ["000", "002", "022", "077", "177"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("customers.db");
        let script = format!("umask {umask} && exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                &script,
                env!("CARGO_BIN_EXE_synctera-sandbox"),
                "--db",
            ])
            .arg(&path);
        let process = Process::spawn(&mut command);
        process.post("k", &ottoline()).ok();
        assert_private(&path, 3);
    }
}

#[test]
#[cfg(unix)]
fn a_database_behind_a_link_is_private_even_if_it_is_not_there_yet() {
    for links in 1..=3 {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("customers.db");
        let mut path = target.clone();
        for number in 0..links {
            let link = folder.path().join(format!("link{number}.db"));
            std::os::unix::fs::symlink(path.file_name().unwrap(), &link).unwrap();
            path = link;
        }
        let process = Process::on(&path, &[]);
        process.post("k", &ottoline()).ok();
        assert_private(&target, 3);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3 + links);
    }
}

#[test]
#[cfg(unix)]
fn a_database_that_others_can_read_is_made_private_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let mut process = Process::on(&path, &[]);
    process.post("k", &ottoline()).ok();
    // What it leaves behind when it is killed.
    process.signal("-KILL");
    process.wait();
    for (file, _) in modes(&path) {
        set_mode(Path::new(&file), 0o664);
    }
    let process = Process::on(&path, &[]);
    process.post("l", &ottoline()).ok();
    assert_private(&path, 3);
    assert_eq!(process.call("GET", "/customers").send().ids().len(), 2);
}

#[test]
#[cfg(unix)]
fn a_file_that_is_no_database_of_the_sandbox_stays_unchanged() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(
        &text,
        "Not a database, however long it is and whatever it says.",
    )
    .unwrap();
    set_mode(&text, 0o644);
    let log = folder.path().join("other.db-wal");
    std::os::unix::fs::symlink("notes.txt", &log).unwrap();
    for path in [&text, &folder.path().join("other.db")] {
        let message = failure(program().arg("--db").arg(path));
        assert!(message.contains("cannot open"), "{message}");
        let mode = std::fs::metadata(&text).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        assert!(std::fs::read_to_string(&text).unwrap().starts_with("Not a"));
    }
}

#[test]
#[cfg(unix)]
fn a_folder_in_which_any_user_can_replace_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    set_mode(folder.path(), 0o777);
    let message = failure(program().arg("--db").arg(&path));
    assert!(message.contains("any user"), "{message}");
    // As in the system's folder for temporary files.
    set_mode(folder.path(), 0o1777);
    let process = Process::on(&path, &[]);
    process.post("k", &ottoline()).ok();
    assert_private(&path, 3);
}

#[test]
fn a_database_is_named_by_a_path_and_by_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let inside = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(inside("folder")).unwrap();
    for (name, word) in [
        (format!("file:{}", inside("x.db")), "URI"),
        ("file:x.db?mode=rwc".to_owned(), "URI"),
        ("FILE:x.db".to_owned(), "URI"),
        (":memory:".to_owned(), "memory"),
        (String::new(), "--db"),
        (inside("folder"), "not a file"),
        (inside("no/such/folder/x.db"), "x.db"),
    ] {
        let message = failure(program().current_dir(folder.path()).args(["--db", &name]));
        assert!(message.contains(word), "{name}: {message}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing was made: {left:?}");
}

#[test]
fn the_key_comes_from_a_switch_a_file_or_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "from-file\n").unwrap();
    let file = ["--token-file", file.to_str().unwrap()];
    let switch = ["--token", "from-switch"];
    // A switch says more clearly what is meant than an environment that was set for something else.
    for (arguments, environment, expected) in [
        (&[][..], Some("from-environment"), "from-environment"),
        (&file[..], None, "from-file"),
        (&file[..], Some("from-environment"), "from-file"),
        (&switch[..], Some("from-environment"), "from-switch"),
    ] {
        let mut command = program();
        command.args(arguments);
        if let Some(token) = environment {
            command.env("SANDBOX_TOKEN", token);
        }
        let process = Process::spawn(&mut command);
        assert_eq!(process.token, expected);
        process.call("GET", "/customers").send().ok();
    }
    let message = failure(program().args(switch).args(file));
    assert!(message.contains("--token-file"), "{message}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_key_from_a_file_or_the_environment_is_not_in_the_process_list() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "a-key-for-this-test").unwrap();
    let mut by_file = program();
    by_file.arg("--token-file").arg(&file);
    let mut by_environment = program();
    by_environment.env("SANDBOX_TOKEN", "a-key-for-this-test");
    for command in [&mut by_file, &mut by_environment] {
        let process = Process::spawn(command);
        let list = std::fs::read(format!("/proc/{}/cmdline", process.child.id())).unwrap();
        let list = String::from_utf8(list).unwrap();
        assert!(list.contains("--port") && !list.contains("a-key"), "{list}");
    }
}

#[test]
fn a_key_that_is_not_fit_is_refused_and_not_quoted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let missing = folder.path().join("missing");
    for token in ["", " ", "two words", "ottoline\u{e9}", "two\nlines"] {
        std::fs::write(&file, token).unwrap();
        let by_file = failure(program().arg("--token-file").arg(&file));
        let by_environment = failure(program().env("SANDBOX_TOKEN", token));
        assert!(by_file.contains("--token-file"), "{by_file}");
        assert!(by_environment.contains("SANDBOX_TOKEN"), "{by_environment}");
        for message in [by_file, by_environment] {
            assert!(
                !message.contains("two") && !message.contains("ottoline"),
                "{message}"
            );
        }
    }
    let message = failure(program().arg("--token-file").arg(missing));
    assert!(message.contains("missing"), "{message}");
}

#[test]
fn it_ends_cleanly_on_signals_even_with_an_idle_connection_and_a_stalled_request() {
    for signal in ["-TERM", "-INT"] {
        let mut process = Process::start(&[]);
        let client = agent();
        let idle = Call::new(&client, &process.base, "GET", "/customers");
        assert_eq!(idle.clone().send().status, 401);
        let stalled = process.call("GET", "/customers").fault("stall=headers");
        let waiting = thread::spawn(move || stalled.try_body(""));
        thread::sleep(Duration::from_millis(100));
        process.signal(signal);
        assert_eq!(process.wait(), Some(0), "{signal}");
        assert!(waiting.join().unwrap().is_err());
    }
}

#[test]
fn it_ends_when_its_parent_goes_if_asked_to() {
    let mut process = Process::start(&["--exit-with-parent"]);
    process.call("GET", "/customers").send().ok();
    drop(process.child.stdin.take());
    assert_eq!(process.wait(), Some(0));
    let mut process = Process::start(&[]);
    drop(process.child.stdin.take());
    thread::sleep(Duration::from_millis(200));
    assert_eq!(
        process.child.try_wait().unwrap(),
        None,
        "without the switch it stays"
    );
}

// BEHAVIOUR 7.2
#[test]
fn customers_and_keys_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let mut process = Process::on(&path, &[]);
    let first = process.post("k", &ottoline());
    let token = {
        process.post("l", &ottoline()).ok();
        process
            .call("GET", "/customers?limit=1")
            .send()
            .token()
            .unwrap()
    };
    process.signal("-KILL");
    assert_eq!(process.wait(), None);
    let process = Process::on(&path, &[]);
    let again = process.post("k", &ottoline());
    assert_eq!(
        (again.header("idempotency-replayed"), &again.text),
        ("true", &first.text)
    );
    let page = process
        .call("GET", &format!("/customers?limit=1&page_token={token}"))
        .send();
    assert_eq!(page.ids().len(), 1, "a token outlives the process");
    assert_eq!(process.call("GET", "/customers").send().ids().len(), 2);
}

// BEHAVIOUR 7.4
#[test]
fn a_key_that_was_in_use_at_a_kill_is_free_again_and_nothing_is_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let mut process = Process::on(&path, &[]);
    let slow = process
        .call("POST", "/customers")
        .key("k")
        .fault("hold=5000");
    let waiting = thread::spawn(move || slow.try_json(&ottoline()));
    thread::sleep(Duration::from_millis(800));
    process
        .post("k", &ottoline())
        .problem(409, "IDEMPOTENCY_CONCURRENT_USE");
    process.signal("-KILL");
    process.wait();
    assert!(waiting.join().unwrap().is_err());
    let process = Process::on(&path, &[]);
    assert!(process.call("GET", "/customers").send().ids().is_empty());
    let again = process.post("k", &ottoline());
    assert_eq!(
        (again.status, again.header("idempotency-replayed")),
        (201, "")
    );
}

#[test]
fn killed_in_the_middle_of_many_writes_it_loses_none_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.db");
    let mut process = Process::on(&path, &[]);
    let answered: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let process = &process;
                scope.spawn(move || {
                    let mut ids = Vec::new();
                    let client = agent();
                    while let Ok(reply) = Call::new(&client, &process.base, "POST", "/customers")
                        .header("Authorization", "Bearer known-token")
                        .try_json(&json!({"status": "ACTIVE"}))
                    {
                        ids.push(reply.ok()["id"].as_str().unwrap().to_owned());
                    }
                    ids
                })
            })
            .collect();
        thread::sleep(Duration::from_millis(400));
        process.signal("-KILL");
        workers
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    });
    process.wait();
    assert!(answered.len() > 10, "{}", answered.len());
    let process = Process::on(&path, &[]);
    for id in answered {
        process.call("GET", &format!("/customers/{id}")).send().ok();
    }
}

#[test]
fn the_switches_reach_the_rules() {
    let mut process = Process::start(&[
        "--seed",
        "25",
        "--strict-active",
        "--read-only-fields",
        "ignore",
        "--concurrent-use-status",
        "422",
        "--tenant",
        "abcdef_ghijkl",
        "--forbidden-token",
        "f1",
        "--forbidden-token",
        "f2",
    ]);
    assert_eq!(process.call("GET", "/customers").send().ids().len(), 25);
    process
        .post("a", &json!({"status": "ACTIVE"}))
        .problem(400, "BAD_REQUEST_BODY");
    let reply = process.post(
        "b",
        &json!({"status": "FROZEN", "id": "x", "tenant": "abcdef_ghijkl"}),
    );
    assert_eq!((reply.status, reply.warnings().len()), (201, 1));
    for token in ["f1", "f2"] {
        process
            .call("GET", "/customers")
            .header("Authorization", &format!("Bearer {token}"))
            .send()
            .problem(403, "FORBIDDEN");
    }
    thread::scope(|scope| {
        let process = &process;
        let slow = scope.spawn(move || {
            process
                .call("POST", "/customers")
                .key("c")
                .fault("hold=2000")
                .json(&ottoline())
        });
        thread::sleep(Duration::from_millis(600));
        process
            .post("c", &ottoline())
            .problem(422, "IDEMPOTENCY_CONCURRENT_USE");
        assert_eq!(slow.join().unwrap().status, 201);
    });
    process.signal("-TERM");
    assert_eq!(process.wait(), Some(0));
}

#[test]
fn random_faults_follow_from_the_seed() {
    let statuses = |seed: &str| {
        let list = "50% status=503";
        let sandbox = Process::start(&["--random-faults", list, "--fault-seed", seed]);
        let status = |_| sandbox.call("GET", "/customers").send().status;
        (0..40).map(status).collect::<Vec<_>>()
    };
    let first = statuses("3");
    assert!(first.contains(&200) && first.contains(&503));
    assert_eq!(first, statuses("3"));
    assert_ne!(first, statuses("4"));
}

#[test]
fn bad_arguments_end_it_with_a_word_of_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no/such/folder/x.db");
    for (arguments, word) in [
        (vec!["--port", "seventy"], "--port"),
        (vec!["--token", "two words"], "--token"),
        (
            vec!["--concurrent-use-status", "500"],
            "--concurrent-use-status",
        ),
        (vec!["--host", "256.0.0.1"], "256.0.0.1"),
        (vec!["--db", missing.to_str().unwrap()], "x.db"),
        (vec!["--webhook-secret", "s"], "--webhook"),
        (vec!["--webhook", "http://127.0.0.1:1/"], "--webhook-secret"),
        (
            vec!["--webhook", "https://example.com/", "--webhook-secret", "s"],
            "http://",
        ),
    ] {
        let text = failure(program().args(arguments));
        assert!(text.contains(word), "{text}");
    }
}
