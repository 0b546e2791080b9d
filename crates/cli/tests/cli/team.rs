//! A lead's people and their devices, on the command line.

use crate::home::Home;
use crate::server::Server;

#[test]
fn a_lead_invites_a_colleague_and_revokes_the_device_again() {
    let server = Server::start();
    let lead = Home::enrolled(&server, "lead.produce");
    let invited = lead.json(&["team", "invite", "insp.produce1"]);
    let link = invited[0]["link"].as_str().unwrap();
    assert!(link.starts_with(&server.url), "{link}");
    let ada = Home::new();
    ada.fine(&["enrol", link, "--name", "depot phone"]);
    let again = Home::new().failing(&["enrol", link]);
    assert_eq!(
        (&again["code"], &again["problem"]),
        (&"server_refused".into(), &"code_invalid".into())
    );

    let devices = lead.json(&["team", "devices"]);
    let devices = devices[0]["devices"].as_array().unwrap();
    let hers = devices.iter().find(|it| it["name"] == "depot phone").unwrap();
    assert_eq!(hers["person"]["code"], "insp.produce1");
    assert!(hers["last_contact_ms"].as_i64().unwrap() > 0);
    let text = lead.fine(&["team", "devices"]);
    assert!(text.contains("depot phone") && text.contains("no photos to come"), "{text}");

    let id = hers["id"].as_str().unwrap();
    let told = lead.fine(&["team", "revoke", id, "--reason", "left on a bus"]);
    assert!(told.contains("left on a bus"), "{told}");
    assert_eq!(ada.failing(&["sync"])["code"], "revoked");
    assert!(lead.fine(&["team", "devices"]).contains("revoked: left on a bus"));
}

#[test]
fn who_may_not_is_told_by_the_device_or_by_the_server() {
    let server = Server::start();
    let homes = ["insp.produce1", "lead.produce"];
    let [ada, lead] = homes.map(|user| Home::enrolled(&server, user));
    assert_eq!(ada.failing(&["team", "devices"])["code"], "read_only");
    let port = lead.failing(&["team", "invite", "insp.port1"]);
    assert_eq!(port["problem"], "not_in_your_team");
    assert_eq!(lead.failing(&["team", "invite", "nobody"])["code"], "not_found");
    assert_eq!(lead.failing(&["team", "revoke", "x", "--reason", "y"])["field"], "device");
    assert_eq!(lead.failing(&["team", "revoke", &"0".repeat(32), "--reason", " "])["field"], "why");
}
