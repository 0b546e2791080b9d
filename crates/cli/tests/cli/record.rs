//! `record`: each line stands or falls by itself.

use std::io::Write as _;
use std::process::Stdio;

use crate::home::Home;
use crate::server::Server;

const HEAD: &str = r#""head":{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"}"#;

#[test]
fn a_bad_line_is_named_and_the_others_are_kept() {
    let server = Server::start();
    let home = Home::enrolled(&server, "insp.produce1");
    let long = "x".repeat(1024 * 1024);
    home.file(
        "visit.jsonl",
        format!(
            "# a comment\n\n{{{HEAD},\"answers\":{{\"gate/G1/ENT-01\":{{\"result\":\"pass\"}}}}}}\n\
             {{{HEAD},\"answers\":{{\"ENT-02\":{{\"value\":0}}}}}}\n\
             {{\"head\":{{\"checklist\":\"ENT\",\"site\":\"NS-MKT\",\"visit\":\"sneaky\"}}}}\n\
             {{{HEAD},\"why\":\"{long}\"}}\n\
             {{{HEAD},\"signatures\":[{{\"role\":\"site\",\"refused\":\"busy\"}}]}}\n\
             {{{HEAD},\"photos\":{{\"ENT-02\":[\"none.jpg\"]}},\
               \"answers\":{{\"ENT-02\":{{\"value\":\"1\",\"unit\":\"gaps\"}}}}}}\n\
             {{{HEAD},\"answers\":{{\"ENT-02\":{{\"value\":\"2\",\"unit\":\"gaps\"}}}}}}"
        ),
    );
    let ran = home.run(&["record", "visit.jsonl", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let lines = |text: &str| -> Vec<(i64, String)> {
        let said =
            text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        said.map(|it| {
            (it["line"].as_i64().unwrap(), it["field"].as_str().unwrap_or_default().to_owned())
        })
        .collect()
    };
    assert_eq!(lines(&ran.out).iter().map(|it| it.0).collect::<Vec<_>>(), [3, 9]);
    let named = lines(&ran.err);
    assert_eq!(named.iter().map(|it| it.0).collect::<Vec<_>>(), [4, 5, 6, 7, 8], "{named:?}");
    assert_eq!(named[1].1, "visit");
    assert_eq!(named[3].1, "signatures.witness");
    assert_eq!(home.json(&["inspection", "list"]).len(), 2, "nothing of a bad line is kept");

    let ran = home.run(&["record", "visit.jsonl"]);
    assert!(ran.err.contains("line 5: visit: use one of surprise"), "{ran:?}");
    assert!(ran.out.contains("ENT-02 fails (== 0 gaps)"), "{ran:?}");
}

#[test]
fn a_refusal_says_why_and_who_saw_it() {
    let server = Server::start();
    let home = Home::enrolled(&server, "insp.produce1");
    let line = |refused: &str, witness: &str| {
        format!(
            r#"{{{HEAD},"signatures":[{{"role":"site","refused":"{refused}","witness":"{witness}"}}]}}"#
        )
    };
    let lines = [line("", "Li"), line(" ", "Li"), line("busy", ""), line("busy", "  ")];
    home.file("visit.jsonl", [lines.join("\n"), line("busy", "Li")].join("\n"));
    let ran = home.run(&["record", "visit.jsonl", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let field =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["field"].clone();
    let named: Vec<_> = ran.err.lines().map(field).collect();
    let [why, who] = ["signatures.refused", "signatures.witness"];
    assert_eq!(named, [why, why, who, who]);
    assert_eq!(home.json(&["inspection", "list"]).len(), 1, "the whole one is kept");
}

#[test]
fn photos_and_reading_logs_are_kept_beside_the_answers() {
    let server = Server::start();
    let home = Home::enrolled(&server, "insp.produce1");
    home.file("gate.jpg", b"a photo of the gate");
    let readings =
        r#"[["2021-06-01T00:00:00+08:00","-18.4"],["2021-06-01T00:30:00+08:00","-18.40"]]"#;
    home.file("room.json", format!(r#"{{"unit":"°C","interval_min":30,"readings":{readings}}}"#));
    home.file(
        "visit.jsonl",
        format!(
            "{{{HEAD},\"answers\":{{\"ENT-02\":{{\"value\":\"0\",\"unit\":\"gaps\"}}}},\
               \"photos\":{{\"ENT-02\":[\"gate.jpg\"]}}}}\n\
             {{\"head\":{{\"checklist\":\"CCS\",\"site\":\"NS-MKT\",\"day\":\"2021-06-24\"}},\
               \"reading_logs\":{{\"room/R1/CCS-06\":\"room.json\",\
                 \"room/R2/CCS-06\":{{\"unit\":\"°C\",\"interval_min\":30,\"readings\":{readings}}}}}}}"
        ),
    );
    let recorded = home.json(&["record", "visit.jsonl"]);
    assert_eq!(recorded[0]["photos"].as_array().unwrap().len(), 1);
    assert_eq!(recorded[1]["photos"][0], recorded[1]["photos"][1], "one document, named twice");
    let status = &home.json(&["status"])[0];
    assert_eq!(status["photos_waiting"][0], 2, "the photo and the document: {status}");
    let days = home.json(&["day", "--site", "NS-MKT", "--date", "2021-06-24"]);
    let items = |n: usize| &days[0][n]["items"];
    assert_eq!(items(0)["room/R1/CCS-06"]["value"]["min"], "-18.4");
    assert_eq!(items(1)["ENT-02"]["values"][0]["photos"][0], recorded[0]["photos"][0]);
    assert!(items(1).as_object().unwrap().keys().all(|path| !path.contains("evidence")));
    home.fine(&["sync"]);
    assert_eq!(home.json(&["status"])[0]["photos_waiting"][0], 0);
}

#[test]
fn a_reader_that_goes_away_stops_the_output_and_not_the_work() {
    let server = Server::start();
    let home = Home::enrolled(&server, "insp.produce1");
    let mut command = home.command(&["record", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    for _ in 0..20 {
        writeln!(input, "{{{HEAD}}}").unwrap();
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(home.json(&["inspection", "list"]).len(), 20);
}
