//! What a device reads from files: lines to record, registers of sites.

use std::io;

use spotcheck_app::AppError;
use spotcheck_domain::{ScopeId, UserId, WorkspaceId};
use spotcheck_sqlite::{Location, Profile};
use spotcheck_store::{Identity, SiteRow, Store};

use super::requests::with_site;

/// A line of a record file. `$last` stands for the inspection recorded before it.
pub(super) fn record(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    with_site(|site| {
        let mut last = String::new();
        let began = site.world.devices[0].app().store().op_count().expect("readable");
        for line in text.lines().take(4) {
            let app = site.world.devices[0].app();
            let before = app.store().op_count().expect("readable");
            let line = line.replace("$last", &last);
            match app.record_line(&line, &mut open) {
                Ok(recorded) => {
                    last = recorded.inspection.to_string();
                    let view = app.show(recorded.inspection).expect("what was recorded is shown");
                    assert_eq!(view.doc.kind, "inspection");
                }
                Err(AppError::Invalid { field, remedy }) => {
                    assert!(!field.is_empty() && !remedy.is_empty(), "{line}");
                    let after = app.store().op_count().expect("readable");
                    assert_eq!(after, before, "nothing of a bad line is kept: {line}: {field}");
                }
                Err(AppError::NotFound(what)) => assert!(!what.is_empty()),
                Err(other) => panic!("{other} for {line}"),
            }
        }
        let app = site.world.devices[0].app();
        assert!(app.store().projections_hold().expect("readable"));
        app.store().op_count().expect("readable") == began
    });
}

/// The files that a line may name.
fn open(name: &str) -> io::Result<Box<dyn io::Read>> {
    let text: &'static str = match name {
        "a.jpg" => "a photo",
        "b.jpg" => "another photo",
        "log.json" => LOG,
        _ => return Err(io::ErrorKind::NotFound.into()),
    };
    Ok(Box::new(text.as_bytes()))
}

const LOG: &str = r#"{"unit":"°C","interval_min":30,"readings":[["2021-06-01T00:00:00+08:00","-18.4"],["2021-06-01T00:30:00+08:00","-18.40"]]}"#;

pub(super) fn record_seeds() -> Vec<Vec<u8>> {
    let head = r#""head":{"checklist":"ENT","site":"NS-MKT","day":"2021-06-24"}"#;
    let lines = [
        format!("{{{head}}}"),
        format!(
            r#"{{{head},"answers":{{"gate/NS-MKT-G1/ENT-04":{{"value":"18.5","unit":"°C"}},"ENT-11":{{"result":"pass"}},"GEN-01":{{"count":2}}}}}}"#
        ),
        format!(
            r#"{{{head},"answers":{{"ENT-02":{{"value":"0","unit":"gaps"}}}},"photos":{{"ENT-02":["a.jpg"]}}}}"#
        ),
        format!(
            r#"{{{head},"findings":[{{"item":"ENT-05","note":"测温慢","severity":"major","photos":["b.jpg"]}}]}}"#
        ),
        format!(
            "{{{head}}}\n{{\"inspection\":\"$last\",\"answers\":{{\"ENT-11\":{{\"result\":\"fail\"}}}},\"why\":\"seen again\"}}\n{{\"inspection\":\"$last\",\"complete\":true}}"
        ),
        format!("{{{head}}}\n{{\"inspection\":\"$last\",\"void\":\"a test\"}}"),
        format!(
            r#"{{{},"reading_logs":{{"room/R1/CCS-06":"log.json","room/R2/CCS-06":{LOG}}}}}"#,
            head.replace("ENT", "CCS")
        ),
    ];
    lines.into_iter().map(String::into_bytes).collect()
}

/// A page of a register, as a device takes it in.
pub(super) fn sites(bytes: &[u8]) {
    let Ok(rows) = serde_json::from_slice::<Vec<SiteRow>>(bytes) else { return };
    let mut store = Store::open(Location::Memory, Profile::Device).expect("memory");
    store.enrol(&identity(), [7; 32]).expect("memory");
    store.put_sites(&rows).expect("any page is taken in");
    store.put_sites(&rows).expect("and again");
    for row in &rows {
        let found = store.find_site(&row.code).expect("readable");
        let found = found.expect("a code that was taken in is found");
        assert!(found.code.eq_ignore_ascii_case(&row.code));
        for typed in [&row.code, &row.zh, &row.en] {
            store.find_sites(typed, 5).expect("anything may be typed");
        }
    }
}

fn identity() -> Identity {
    Identity {
        ws: WorkspaceId([2; 16]),
        user: UserId([4; 16]),
        home_scope: ScopeId([3; 16]),
        server_url: "http://sim".to_owned(),
        server_key: "00".repeat(32),
        user_code: "ada".to_owned(),
        name: ("阿达".to_owned(), "Ada".to_owned()),
        role: "inspector".to_owned(),
    }
}

pub(super) fn sites_seeds() -> Vec<Vec<u8>> {
    let row = |code: &str, zh: &str, parent: Option<&str>| SiteRow {
        code: code.to_owned(),
        parent: parent.map(str::to_owned),
        kind: "market".to_owned(),
        zh: zh.to_owned(),
        en: "Nanshan market".to_owned(),
        district: Some("南山".to_owned()),
        org: "SN".to_owned(),
    };
    let rows = [row("NS-MKT", "南山农批市场", None), row("NS-MKT-G1", "1号门", Some("NS-MKT"))];
    vec![b"[]".to_vec(), serde_json::to_vec(&rows).expect("rows are JSON")]
}
