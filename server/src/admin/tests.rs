use clap::Parser as _;

use super::*;
use crate::config::{Cli, Command, Settings};

fn admin(data: &std::path::Path, args: &[&str]) -> anyhow::Result<String> {
    let cli = Cli::try_parse_from(["spotcheck-server", "admin"].iter().chain(args)).unwrap();
    let settings = Settings { data: Some(data.to_owned()), ..cli.settings };
    let config = Config::load(settings, None)?;
    let Command::Admin { workspace, json, command } = cli.command else { unreachable!() };
    run(&config, workspace.as_deref(), json, &command)
}

#[test]
fn a_tenant_is_set_up_and_a_user_gets_a_link_with_commands_alone() {
    let dir = tempfile::tempdir().unwrap();
    let admin = |args: &[&str]| admin(dir.path(), args);
    assert!(admin(&["user", "list"]).unwrap_err().to_string().contains("workspace add"));
    admin(&["workspace", "add", "port"]).unwrap();
    admin(&["user", "add", "ada", "--role", "inspector", "--zh", "阿达"]).unwrap();
    assert!(admin(&["user", "add", "ada", "--role", "lead"]).is_err());
    assert!(admin(&["team", "add", "A", "--member", "nobody"]).is_err());
    admin(&["team", "add", "A", "--member", "ada"]).unwrap();

    let users: serde_json::Value =
        serde_json::from_str(&admin(&["user", "list", "--json"]).unwrap()).unwrap();
    assert_eq!(users[0]["zh"], "阿达");
    assert_eq!(users[0]["writes"], 1);
    let link = admin(&["code", "ada"]).unwrap();
    let link = spotcheck_protocol::enrolment::EnrolmentLink::parse(&link).unwrap();
    assert_eq!(link.server_url, "http://127.0.0.1:8080");

    admin(&["team", "member", "A", "ada", "--remove"]).unwrap();
    let users: serde_json::Value =
        serde_json::from_str(&admin(&["user", "list", "--json"]).unwrap()).unwrap();
    assert_eq!(users[0]["writes"], 0);
    assert_eq!(admin(&["device", "list", "--json"]).unwrap(), "[]");

    admin(&["organisation", "add", "SN", "--zh", "深农"]).unwrap();
    admin(&["organisation", "add", "SN-DI", "--parent", "SN"]).unwrap();
    assert!(admin(&["organisation", "add", "X", "--parent", "nowhere"]).is_err());
    admin(&["user", "add", "cy", "--role", "inspector", "--org", "SN-DI"]).unwrap();
    assert!(admin(&["user", "add", "dee", "--role", "unit", "--org", "nowhere"]).is_err());
    admin(&["user", "add", "dee", "--role", "unit", "--org", "SN"]).unwrap();
    for refused in [&["team", "member", "A", "dee"][..], &["team", "add", "B", "--member", "dee"]] {
        assert!(admin(refused).unwrap_err().to_string().contains("unit"), "{refused:?}");
    }
    admin(&["scope", "add", "J", "--write", "org:SN", "--read", "team:A"]).unwrap();
    for taken in [&["scope", "add", "A"][..], &["scope", "add", "J"], &["team", "add", "J"]] {
        assert!(admin(taken).unwrap_err().to_string().contains("exists"), "{taken:?}");
    }
    let line = admin(&["scope", "list"]).unwrap();
    assert!(line.contains("write org:SN, read team:A"), "{line}");
    admin(&["scope", "change", "J", "--close", "team:A", "--read", "role:auditor"]).unwrap();
    let line = admin(&["scope", "list"]).unwrap();
    assert!(line.contains("write org:SN, read role:auditor"), "{line}");
    assert!(admin(&["scope", "change", "J"]).is_err());
    let users: serde_json::Value =
        serde_json::from_str(&admin(&["user", "list", "--json"]).unwrap()).unwrap();
    let rights = |at: usize| (users[at]["reads"].as_u64(), users[at]["writes"].as_u64());
    assert_eq!(rights(1), (Some(2), Some(1)), "cy: the directory and J");
    assert_eq!(rights(2), (Some(1), Some(0)), "dee, of a unit: J alone, for reading");

    let table = dir.path().join("sites.csv");
    let import = |text: &str| {
        std::fs::write(&table, text).unwrap();
        admin(&["register", "import", table.to_str().unwrap()])
    };
    assert!(import("code,zh\nNS-1,南山市场\nNS-2,蛇口市场\n").unwrap().contains("2 sites"));
    let refused = import("code,zh\nNS-1,\n").unwrap_err().to_string();
    assert!(refused.contains("nothing was taken") && refused.contains("line 2, zh"), "{refused}");
    assert!(import("code,zh\nNS-2,蛇口市场\n").unwrap().contains("1 sites"));

    let unknown = admin(&["device", "revoke", &"0".repeat(32), "--reason", "lost"]);
    assert!(unknown.unwrap_err().to_string().contains("no device"));
    admin(&["workspace", "add", "bus"]).unwrap();
    assert!(admin(&["user", "list"]).unwrap_err().to_string().contains("--workspace"));
    assert!(admin(&["--workspace", "port", "user", "list"]).unwrap().contains("ada"));
}
