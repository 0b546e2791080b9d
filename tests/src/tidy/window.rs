//! The window's commands are named in four places that no compiler compares: what is missing in one
//! of them is refused at run time, on the first screen that asks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{none, read, root};

/// A list of commands, and how a fault names the place.
type Place = (&'static str, BTreeSet<String>);

fn text(path: &str) -> String {
    read(&root().join(path))
}

/// What stands between the first `begin` and the next `end`.
#[track_caller]
fn between<'a>(source: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = source.split_once(begin).unwrap_or_else(|| panic!("no `{begin}`")).1;
    rest.split_once(end).unwrap_or_else(|| panic!("no `{end}` after `{begin}`")).0
}

/// `commands::a, commands::b,` of the program.
fn handled(program: &str) -> BTreeSet<String> {
    let list = between(program, "generate_handler![", "]");
    let names = list.split(',').map(str::trim).filter(|it| !it.is_empty());
    names.map(|it| it.trim_start_matches("commands::").to_owned()).collect()
}

/// `"a", "b"` of the build script.
fn declared(script: &str) -> BTreeSet<String> {
    let list = between(script, "const COMMANDS: &[&str] =", ";");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// `"allow-a-b"` of the capability. Whatever else it grants stays as it is written, and so is a fault.
fn granted(capability: &str) -> BTreeSet<String> {
    let capability: Value = serde_json::from_str(capability).expect("a capability is JSON");
    let list = capability["permissions"].as_array().expect("a capability lists permissions");
    list.iter().map(|it| it.as_str().map_or_else(|| it.to_string(), command_of)).collect()
}

/// Tauri names the grant of `cancel_sync` `allow-cancel-sync`.
fn command_of(permission: &str) -> String {
    permission
        .strip_prefix("allow-")
        .map_or_else(|| permission.to_owned(), |it| it.replace('-', "_"))
}

/// `command('a'` and `command<T>('a'` of the page.
fn called(page: &str) -> BTreeSet<String> {
    let calls = page.split("command").skip(1).filter_map(|rest| {
        let rest =
            rest.strip_prefix('<').map_or(rest, |it| it.split_once('>').map_or("", |it| it.1));
        rest.strip_prefix("('")?.split('\'').next()
    });
    calls.map(str::to_owned).collect()
}

#[test]
fn every_command_of_the_window_is_handled_declared_granted_and_called() {
    let places: [Place; 4] = [
        ("generate_handler! in crates/tauri/src/lib.rs", handled(&text("crates/tauri/src/lib.rs"))),
        ("COMMANDS in crates/tauri/build.rs", declared(&text("crates/tauri/build.rs"))),
        (
            "crates/tauri/capabilities/main.json",
            granted(&text("crates/tauri/capabilities/main.json")),
        ),
        ("app-ui/src/lib/core/tauri.ts", called(&text("app-ui/src/lib/core/tauri.ts"))),
    ];
    let all: BTreeSet<_> = places.iter().flat_map(|(_, names)| names).collect();
    assert!(all.len() >= 9, "{} commands are named", all.len());
    let mut faults = vec![];
    for name in all {
        for (place, names) in &places {
            if !names.contains(name) {
                faults.push(format!("the command `{name}` is missing from {place}"));
            }
        }
    }
    none(faults);
}

#[test]
fn each_place_is_read_as_it_is_written() {
    let two = |one: &str, other: &str| BTreeSet::from([one.to_owned(), other.to_owned()]);
    let expected = two("open", "cancel_sync");
    assert_eq!(
        handled("x![y] generate_handler![commands::open, commands::cancel_sync,])"),
        expected
    );
    assert_eq!(
        declared("const COMMANDS: &[&str] =\n &[\"open\", \"cancel_sync\"];\n\"x\""),
        expected
    );
    assert_eq!(granted(r#"{"permissions":["allow-open","allow-cancel-sync"]}"#), expected);
    assert_eq!(called("command('open'); command<A>('cancel_sync', { a }); command<B>("), expected);
    assert_eq!(granted(r#"{"permissions":["core:default","allow-a"]}"#), two("core:default", "a"));
}
