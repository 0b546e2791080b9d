//! Enrolment and sync, from several homes with one server.

use spotcheck_app::EnrolmentLink;
use spotcheck_client::{HttpApi, SyncApi, Unreachable};
use spotcheck_protocol::api::{Request, Response};

use crate::home::Home;
use crate::server::Server;

fn visit(answers: &str) -> String {
    let head = r#"{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"}"#;
    format!(r#"{{"head":{head},"answers":{answers}}}"#)
}

#[test]
fn three_devices_see_one_day_after_the_lead_decides() {
    let server = Server::start();
    let homes = ["insp.produce1", "insp.produce2", "lead.produce"];
    let [ada, ben, lead] = homes.map(|user| Home::enrolled(&server, user));
    ada.file("visit.jsonl", visit(r#"{"GEN-01":{"count":2},"ENT-11":{"result":"pass"}}"#));
    ben.file("visit.jsonl", visit(r#"{"GEN-01":{"count":1},"ENT-11":{"result":"fail"}}"#));
    ada.fine(&["record", "visit.jsonl"]);
    ben.fine(&["record", "visit.jsonl"]);
    for home in [&ada, &ben, &lead] {
        home.fine(&["sync"]);
    }
    let open = lead.json(&["contradiction", "list", "--date", "2021-06-24"]);
    assert_eq!(open.len(), 1, "{open:?}");
    let (id, op) = (open[0]["id"].as_str().unwrap(), open[0]["values"][0]["op"].as_str().unwrap());
    assert_eq!(lead.failing(&["decide", id, "--keep", op, "--reason", " "])["code"], "invalid");
    lead.fine(&["decide", id, "--keep", &op[..8], "--reason", "both were at the gate"]);
    for home in [&lead, &ada, &ben] {
        home.fine(&["sync"]);
    }
    let days = [&ada, &ben, &lead]
        .map(|home| home.fine(&["day", "--site", "NS-MKT", "--date", "2021-06-24", "--json"]));
    assert_eq!(days[0], days[1]);
    assert_eq!(days[1], days[2]);
    assert!(days[0].contains(r#""status":"decided""#), "{}", days[0]);
    let text = ben.fine(&["day", "--site", "NS-MKT", "--date", "2021-06-24"]);
    assert!(text.contains("南山农批市场") && text.contains("both were at the gate"), "{text}");
    assert!(lead.fine(&["log", "--verify"]).contains("byte for byte"));
    assert_eq!(lead.json(&["contradiction", "list"]).len(), 0);
}

#[test]
fn a_lead_lets_another_team_read_an_inspection() {
    let server = Server::start();
    let homes = ["insp.produce1", "lead.produce", "lead.port"];
    let [ada, lead, port] = homes.map(|user| Home::enrolled(&server, user));
    ada.file("visit.jsonl", visit(r#"{"GEN-01":{"count":2}}"#));
    ada.fine(&["record", "visit.jsonl"]);
    ada.fine(&["sync"]);
    lead.fine(&["sync"]);
    let id = lead.json(&["inspection", "list"])[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ada.failing(&["share", &id, "--team", "PORT"])["code"], "read_only");
    assert_eq!(lead.failing(&["share", &id, "--team", "NONE"])["field"], "team");
    assert_eq!(lead.failing(&["share", &id, "--team", "PRODUCE"])["field"], "team");
    port.fine(&["sync"]);
    assert_eq!(port.json(&["inspection", "list"]).len(), 0);

    lead.fine(&["share", &id[..8], "--team", "PORT"]);
    lead.fine(&["sync"]);
    port.fine(&["sync"]);
    assert_eq!(port.json(&["inspection", "list"])[0]["id"], id);
    let day = ["day", "--site", "NS-MKT", "--date", "2021-06-24", "--json"];
    assert_eq!(port.fine(&day), lead.fine(&day));
    port.file(
        "more.jsonl",
        format!(r#"{{"inspection":"{id}","answers":{{"GEN-01":{{"count":3}}}}}}"#),
    );
    assert_eq!(port.failing(&["record", "more.jsonl"])["code"], "read_only");
}

#[test]
fn what_stops_an_exchange_has_a_code_of_its_own() {
    let server = Server::start();
    let home = Home::enrolled(&server, "insp.produce1");
    let link = server.link("insp.produce2");
    assert_eq!(home.failing(&["enrol", &link])["code"], "invalid", "enrolled already");

    let other = Home::new();
    let wrong = format!("{}X", link);
    let said = other.failing(&["enrol", &wrong]);
    assert_eq!(
        (&said["code"], &said["problem"]),
        (&"server_refused".into(), &"code_invalid".into())
    );
    let (url, secret) = link.split_once("/#enrol=").unwrap();
    let nowhere = format!("http://127.0.0.1:1/#enrol={secret}");
    assert_eq!(other.failing(&["enrol", &nowhere])["code"], "offline");
    let code = secret.split_once('.').unwrap().1;
    let impostor = format!("{url}/#enrol={}.{code}", "00".repeat(32));
    assert_eq!(other.failing(&["enrol", &impostor])["code"], "not_our_server");
    drop(server);
    assert_eq!(home.failing(&["sync"])["code"], "offline");
}

/// Brings every request and loses every reply.
struct ReplyLost(HttpApi);

impl SyncApi for ReplyLost {
    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        self.0.send(request).await?;
        Err(Unreachable("the reply was lost".to_owned()))
    }
}

#[test]
fn an_enrolment_whose_reply_was_lost_is_finished_by_the_same_link() {
    let server = Server::start();
    let home = Home::new();
    let text = server.link("insp.produce1");
    let link = EnrolmentLink::parse(&text).unwrap();
    let api = ReplyLost(HttpApi::new(&link.server_url).unwrap());
    let mut device = spotcheck_cli::open(&home.path()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let lost = runtime.block_on(spotcheck_cli::enrol(&api, &mut device, &link, "lost"));
    assert_eq!(lost.unwrap_err().code(), "offline");
    drop(device);
    assert_eq!(home.failing(&["status"])["code"], "not_enrolled");
    // The code is used up, but the key that used it is still here.
    home.fine(&["enrol", &text]);
    let keys = std::fs::read_dir(home.path().join("keys")).unwrap().count();
    assert_eq!(keys, 1);
    assert_eq!(home.json(&["status"])[0]["user"], "insp.produce1");
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_a_home() {
    use std::os::unix::fs::PermissionsExt as _;

    let server = Server::start();
    let home = Home::enrolled(&server, "insp.produce1");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.path()), 0o700);
    assert_eq!(mode(&home.path().join("device.db")), 0o600);
    let keys = std::fs::read_dir(home.path().join("keys")).unwrap();
    assert!(keys.map(|entry| mode(&entry.unwrap().path())).all(|mode| mode == 0o600));
}
