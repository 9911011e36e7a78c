//! The program as it is called: a quick run meets all targets, writes its picture, and prints no line wider than 140 columns.

use std::process::Command;

#[test]
fn a_quick_run_meets_all_targets() {
    let picture = std::env::temp_dir().join(format!("ergon-simulate-{}.svg", std::process::id()));
    let run = Command::new(env!("CARGO_BIN_EXE_simulate"))
        .args(["--quick", "--plot"])
        .arg(&picture)
        .output()
        .expect("the program starts");
    let (text, errors) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{text}\n{errors}");
    assert!(text.lines().all(|line| line.chars().count() <= 140), "{text}");
    let svg = std::fs::read_to_string(&picture).expect("the picture was written");
    std::fs::remove_file(&picture).expect("it can be removed");
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
}
