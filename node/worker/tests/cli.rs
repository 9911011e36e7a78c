//! The binary as people use it, as far as it needs no chain.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Output, Stdio},
};

fn worker(folder: &Path, arguments: &[&str]) -> Output {
    let run = Command::new(env!("CARGO_BIN_EXE_ergon-worker")).current_dir(folder).args(arguments).output();
    run.expect("the binary runs")
}

/// What it prints when it succeeds.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = worker(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The one line that it prints when it fails.
fn failed(folder: &Path, arguments: &[&str]) -> String {
    let output = worker(folder, arguments);
    let error = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
    assert!(error.starts_with("error: ") && error.lines().count() == 1, "{error}");
    error
}

#[test]
fn keys_are_made_once_and_shown_without_their_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = said(folder.path(), &["key", "new", "node.key"]);
    assert_eq!(said(folder.path(), &["key", "show", "node.key"]), made);
    let secret = fs::read_to_string(folder.path().join("node.key")).expect("is there");
    assert!(!made.contains(secret.trim()), "only the public key is printed");
    assert!(failed(folder.path(), &["key", "new", "node.key"]).contains("must not be lost"));
    assert!(failed(folder.path(), &["key", "show", "none"]).contains("key new"));
}

#[test]
fn a_file_has_the_root_that_its_bytes_have() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("file"), vec![7; 5_000]).expect("writes");
    let leaves = [vec![7; 4_096], vec![7; 904]];
    let root = ergon_merkle::Tree::new::<ergon_merkle::Software, _>(leaves).root();
    let expected = format!("root:     0x{}\nbytes:    5000\nsegments: 2\n", hex::encode(root));
    assert_eq!(said(folder.path(), &["root", "file"]), expected);
    assert!(failed(folder.path(), &["root", "none"]).contains("cannot be read"));
}

#[test]
fn without_a_node_every_command_says_where_it_looked() {
    let folder = tempfile::tempdir().expect("a folder");
    said(folder.path(), &["key", "new", "k"]);
    fs::write(folder.path().join("file"), b"data").expect("writes");
    let node = ["--node", "ws://127.0.0.1:1"];
    let serve = ["serve", "--key", "k", "--listen", "127.0.0.1:0", "--data", "d"];
    let consent = ["key", "consent", "k", "--owner", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"];
    let relay = ["relay", "--session", "1", "--client-key", "k", "--target", "1.1.1.1:1", "--bytes", "1"];
    for command in [&serve[..], &consent, &relay, &["put", "--deal", "1", "file"], &["get", "--deal", "1", "out"]] {
        let error = failed(folder.path(), &[command, &node[..]].concat());
        assert!(error.contains("no ergon-node answers at ws://127.0.0.1:1"), "{error}");
    }
}

#[test]
fn echo_sends_back_what_comes() {
    let mut echo = Command::new(env!("CARGO_BIN_EXE_ergon-worker"))
        .args(["echo", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut line = String::new();
    BufReader::new(echo.stdout.take().expect("is piped")).read_line(&mut line).expect("it says where");
    let address = line.trim().strip_prefix("echo on ").expect("an address");
    let mut stream = TcpStream::connect(address).expect("connects");
    stream.write_all(b"hello").expect("is taken");
    stream.shutdown(std::net::Shutdown::Write).expect("ends");
    let mut back = String::new();
    stream.read_to_string(&mut back).expect("comes back");
    echo.kill().expect("runs");
    echo.wait().expect("ends");
    assert_eq!(back, "hello");
}
