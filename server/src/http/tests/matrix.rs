//! Who gets what: every route against everybody who might ask, and what they are told.
//!
//! The table is as long as `ROUTES`: a new route does not compile until it has a row.

mod ask;
pub(super) mod people;

use crate::http::routes::ROUTES;
use people::{ACTORS, People};

/// One row: a route, and what each of [`ACTORS`] is told. A problem is its status and code, a signed
/// page what it holds; `HEAD` has no body, so no code.
type Row = (&'static str, [&'static str; ACTORS.len()]);

const BAD: &str = "401 bad_signature";
const UNKNOWN: &str = "401 device_unknown";
const REVOKED: &str = "200 device_revoked";
const NOT_A_LEAD: &str = "403 not_a_lead";
const NO_CAPABILITY: &str = "403 capability_invalid";

#[rustfmt::skip]
static MATRIX: [Row; ROUTES.len()] = [
    //                 unsigned       forged         foreign              other workspace           revoked                       inspector       lead            auditor                     administrator
    ("enrol",          [BAD,          BAD,           "403 code_invalid",  "200 enrolled",           REVOKED,                      "200 enrolled", "200 enrolled", "200 enrolled",             "200 enrolled"]),
    ("push",           [BAD,          BAD,           UNKNOWN,             "422 bad_run_signature",  "200 quarantined device_revoked", "200 admitted", "200 admitted", "200 quarantined out_of_scope", "200 quarantined out_of_scope"]),
    ("pull",           [BAD,          BAD,           UNKNOWN,             "200 nothing",            REVOKED,                      "200 delivered", "200 delivered", "200 delivered",           "200 delivered"]),
    ("compare",        [BAD,          BAD,           UNKNOWN,             "403 out_of_scope",       REVOKED,                      "200 compared", "200 compared", "200 compared",             "200 compared"]),
    ("rewind",         [BAD,          BAD,           UNKNOWN,             "422 bad_proof",          REVOKED,                      "200 rewound",  "200 rewound",  "200 rewound",              "200 rewound"]),
    ("devices",        [BAD,          BAD,           UNKNOWN,             NOT_A_LEAD,               REVOKED,                      NOT_A_LEAD,     "200 of 2",     NOT_A_LEAD,                 "200 of 4"]),
    ("invite",         [BAD,          BAD,           UNKNOWN,             NOT_A_LEAD,               REVOKED,                      NOT_A_LEAD,     "200 invited",  NOT_A_LEAD,                 "200 invited"]),
    ("revoke",         [BAD,          BAD,           UNKNOWN,             NOT_A_LEAD,               REVOKED,                      NOT_A_LEAD,     "200 revoked",  NOT_A_LEAD,                 "200 revoked"]),
    ("grant_upload",   [BAD,          BAD,           UNKNOWN,             "200 granted",            REVOKED,                      "200 granted",  "200 granted",  "200 granted",              "200 granted"]),
    ("upload_options", ["204"; ACTORS.len()]),
    ("create_upload",  [NO_CAPABILITY, NO_CAPABILITY, NO_CAPABILITY,      "201",                    NO_CAPABILITY,                "201",          "201",          "201",                      "201"]),
    ("upload_options_of_one", ["204"; ACTORS.len()]),
    ("upload_offset",  ["403",        "403",         "403",               "404",                    "403",                        "200",          "200",          "200",                      "200"]),
    ("append_to_upload", [NO_CAPABILITY, NO_CAPABILITY, NO_CAPABILITY,    "404 no_such_upload",     NO_CAPABILITY,                "204",          "204",          "204",                      "204"]),
    ("download_blob",  [BAD,          BAD,           UNKNOWN,             "404 no_such_blob",       "403 refused",                "200",          "200",          "200",                      "200"]),
    ("openapi",        ["200"; ACTORS.len()]),
    ("livez",          ["200"; ACTORS.len()]),
    ("readyz",         ["200"; ACTORS.len()]),
    ("metrics",        ["200"; ACTORS.len()]),
    ("version",        ["200"; ACTORS.len()]),
];

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_from_every_route_what_the_matrix_says() {
    let people = People::gather().await;
    let mut wrong = vec![];
    for (route, (id, row)) in ROUTES.iter().zip(&MATRIX) {
        assert_eq!(route.id, *id, "rows stand in the order of the routes");
        for (actor, expected) in ACTORS.into_iter().zip(row) {
            let told = ask::ask(&people, route, actor).await;
            if told != *expected {
                wrong.push(format!("{id}, {actor:?}: {told}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}
