//! `docs/CLI.md` by the letter: its examples are run from top to bottom.

use std::process::Command;

use crate::home::{Home, Ran};
use crate::server::Server;

/// A fenced block: what stands after the fence, and its lines.
struct Block<'a> {
    info: &'a str,
    text: String,
    line: usize,
}

fn blocks(document: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = vec![];
    let mut inside = false;
    for (number, line) in document.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(info) if !inside => {
                inside = true;
                blocks.push(Block { info: info.trim(), text: String::new(), line: number + 1 });
            }
            Some(_) => inside = false,
            None if inside => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

/// Puts real ids in place of the words in capitals that stand for them.
fn with_ids(command: &str, home: &Home, link: &str) -> String {
    let first = |args: &[&str], pointer: &str| -> String {
        let found = home.json(args);
        let found = found.first().and_then(|it| it.pointer(pointer));
        found.and_then(|id| id.as_str()).unwrap_or_default().to_owned()
    };
    let contradictions = ["contradiction", "list", "--limit", "1"];
    let mut command = command.replace("LINK", &format!("'{link}'"));
    for (word, args, pointer) in [
        ("CONTRADICTION", &contradictions[..], "/id"),
        ("INSPECTION", &["inspection", "list"], "/id"),
        ("FINDING", &["finding", "list"], "/id"),
        ("OP", &contradictions, "/values/0/op"),
    ] {
        // Only whole words: options and file names may hold the same letters.
        let quoted = format!("\"{word}\"");
        if !command.contains(&quoted) && !command.split(' ').any(|it| it == word) {
            continue;
        }
        let id = first(args, pointer);
        let words = command.split(' ').map(|it| match it {
            it if it == word => id.clone(),
            it => it.replace(&quoted, &format!("\"{id}\"")),
        });
        command = words.collect::<Vec<_>>().join(" ");
    }
    command
}

fn shell(home: &Home, command: &str) -> Ran {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_spotcheck"));
    let path =
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).env("PATH", path).env("SPOTCHECK_HOME", home.path());
    Ran::from(shell.current_dir(home.dir.path()).output().unwrap())
}

#[test]
fn the_examples_of_the_reference_run() {
    let document = include_str!("../../../../docs/CLI.md");
    let server = Server::start();
    let home = Home::new();
    let link = server.link("insp.produce1");
    for photo in ["gate.jpg", "gate-after.jpg", "thermometer.jpg"] {
        home.file(photo, photo.repeat(500));
    }
    let (mut commands, mut recorded) = (0, 0);
    for block in blocks(document) {
        let place = format!("docs/CLI.md:{}", block.line);
        let (kind, rest) = block.info.split_once(' ').unwrap_or((block.info, ""));
        match (kind, rest) {
            ("console", expected) => {
                for command in block.text.lines().filter_map(|line| line.strip_prefix("$ ")) {
                    let command = with_ids(command, &home, &link);
                    let ran = shell(&home, &command);
                    let exit =
                        expected.strip_prefix("exit=").map_or(0, |code| code.parse().unwrap());
                    assert_eq!(ran.code, exit, "{place}: {command}: {ran:?}");
                    commands += 1;
                }
            }
            ("jsonl", "record") => {
                let text = with_ids(&block.text, &home, &link);
                home.file("example.jsonl", &text);
                home.fine(&["record", "example.jsonl"]);
                recorded += text.lines().filter(|line| line.starts_with('{')).count();
            }
            ("jsonl", "record exit=1") => {
                for line in block.text.lines().filter(|line| line.starts_with('{')) {
                    home.file("example.jsonl", line);
                    assert_eq!(
                        home.failing(&["record", "example.jsonl"])["code"],
                        "invalid",
                        "{line}"
                    );
                }
            }
            (_, file) if file.starts_with("file=") => home.file(&file[5..], &block.text),
            ("text" | "json" | "", _) => {}
            other => panic!("{place}: {other:?}: the test does not know what to do with it"),
        }
    }
    assert!(commands >= 15 && recorded >= 8, "{commands} commands, {recorded} lines");
    assert!(home.fine(&["log", "--verify"]).contains("without a gap"));
}
