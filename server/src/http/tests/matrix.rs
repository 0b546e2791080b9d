//! Who gets what: every route against everybody who might ask, and what they are told.
//!
//! The table is as long as `ROUTES`: a new route does not compile until it has a row. A row has a line
//! for each role that the server knows.

mod ask;
pub(super) mod people;

use crate::http::routes::ROUTES;
use people::{Actor, PLACES, People, ROLES, STRANGERS};

/// What somebody is told. A problem is its status and code, a signed page what it holds; `HEAD` has no
/// body, so no code.
type Told = &'static str;

/// A route; what each of [`STRANGERS`] is told; for each of [`ROLES`], what who has it is told in each
/// of [`PLACES`]. All that is asked for is of the first workspace.
type Row = (&'static str, [Told; STRANGERS.len()], [[Told; PLACES.len()]; ROLES.len()]);

const BAD: Told = "401 bad_signature";
const UNKNOWN: Told = "401 device_unknown";
const REVOKED: Told = "200 device_revoked";
const KEPT: Told = "200 quarantined device_revoked";
const NO_RIGHT: Told = "200 quarantined out_of_scope";
const FORGED: Told = "422 bad_run_signature";
const BAD_PROOF: Told = "422 bad_proof";
const OUT: Told = "403 out_of_scope";
const NOT_A_LEAD: Told = "403 not_a_lead";
const NO_CAPABILITY: Told = "403 capability_invalid";
const NO_USER: Told = "404 no_such_user";
const NO_DEVICE: Told = "404 no_such_device";
const NO_UPLOAD: Told = "404 no_such_upload";
const NO_BLOB: Told = "404 no_such_blob";
/// Nobody without a signature, and nobody who is not enrolled.
const SIGNED: [Told; 3] = [BAD, BAD, UNKNOWN];
const WITH_CAPABILITY: [Told; 3] = [NO_CAPABILITY; 3];

/// Every role is told the same.
const fn any(role: [Told; 4]) -> [[Told; 4]; ROLES.len()] {
    [role; ROLES.len()]
}

/// Every role but an inspected unit's, which reads no team's records, is told the same.
const fn but_units(role: [Told; 4], unit: [Told; 4]) -> [[Told; 4]; ROLES.len()] {
    let mut told = any(role);
    told[ROLES.len() - 1] = unit;
    told
}

/// A route that asks nobody who they are.
const fn open(id: &'static str, told: Told) -> Row {
    (id, [told; 3], any([told; 4]))
}

#[rustfmt::skip]
static MATRIX: [Row; ROUTES.len()] = [
    // route           unsigned, forged, foreign
    // role            own              own, revoked   other         other, revoked
    ("enrol",          [BAD, BAD, "403 code_invalid"], any(
                       ["200 enrolled", REVOKED,       "200 enrolled", REVOKED])),
    ("push",           SIGNED, [
        /* inspector */ ["200 admitted", KEPT,         FORGED,       FORGED],
        /* lead      */ ["200 admitted", KEPT,         FORGED,       FORGED],
        /* reviewer  */ ["200 admitted", KEPT,         FORGED,       FORGED],
        /* administr.*/ [NO_RIGHT,       KEPT,         FORGED,       FORGED],
        /* auditor   */ [NO_RIGHT,       KEPT,         FORGED,       FORGED],
        /* unit      */ [NO_RIGHT,       KEPT,         FORGED,       FORGED]]),
    ("pull",           SIGNED, but_units(
                       ["200 delivered", REVOKED,      "200 nothing", REVOKED],
                       ["200 nothing",  REVOKED,       "200 nothing", REVOKED])),
    ("compare",        SIGNED, but_units(
                       ["200 compared", REVOKED,       OUT,          REVOKED],
                       [OUT,            REVOKED,       OUT,          REVOKED])),
    ("rewind",         SIGNED, any(
                       ["200 rewound",  REVOKED,       BAD_PROOF,    REVOKED])),
    ("devices",        SIGNED, [
        /* inspector */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* lead      */ ["200 of 2 here", REVOKED,     "200 of 2 there", REVOKED],
        /* reviewer  */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* administr.*/ ["200 of 6 here", REVOKED,     "200 of 6 there", REVOKED],
        /* auditor   */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* unit      */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED]]),
    ("invite",         SIGNED, [
        /* inspector */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* lead      */ ["200 invited", REVOKED,       NO_USER,      REVOKED],
        /* reviewer  */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* administr.*/ ["200 invited", REVOKED,       NO_USER,      REVOKED],
        /* auditor   */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* unit      */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED]]),
    ("revoke",         SIGNED, [
        /* inspector */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* lead      */ ["200 revoked", REVOKED,       NO_DEVICE,    REVOKED],
        /* reviewer  */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* administr.*/ ["200 revoked", REVOKED,       NO_DEVICE,    REVOKED],
        /* auditor   */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED],
        /* unit      */ [NOT_A_LEAD,    REVOKED,       NOT_A_LEAD,   REVOKED]]),
    ("grant_upload",   SIGNED, [
        /* inspector */ ["200 granted", REVOKED,       "200 granted", REVOKED],
        /* lead      */ ["200 granted", REVOKED,       "200 granted", REVOKED],
        /* reviewer  */ ["200 granted", REVOKED,       "200 granted", REVOKED],
        /* administr.*/ ["200 granted", REVOKED,       "200 granted", REVOKED],
        /* auditor   */ [OUT,           REVOKED,       OUT,          REVOKED],
        /* unit      */ ["200 granted", REVOKED,       "200 granted", REVOKED]]),
    open("upload_options", "204"),
    ("create_upload",  WITH_CAPABILITY, [
        /* inspector */ ["201",         NO_CAPABILITY, "201",        NO_CAPABILITY],
        /* lead      */ ["201",         NO_CAPABILITY, "201",        NO_CAPABILITY],
        /* reviewer  */ ["201",         NO_CAPABILITY, "201",        NO_CAPABILITY],
        /* administr.*/ ["201",         NO_CAPABILITY, "201",        NO_CAPABILITY],
        /* auditor   */ [NO_CAPABILITY, NO_CAPABILITY, NO_CAPABILITY, NO_CAPABILITY],
        /* unit      */ ["201",         NO_CAPABILITY, "201",        NO_CAPABILITY]]),
    open("upload_options_of_one", "204"),
    ("upload_offset",  ["403"; 3], [
        /* inspector */ ["200",         "403",         "404",        "403"],
        /* lead      */ ["200",         "403",         "404",        "403"],
        /* reviewer  */ ["200",         "403",         "404",        "403"],
        /* administr.*/ ["200",         "403",         "404",        "403"],
        /* auditor   */ ["403",         "403",         "403",        "403"],
        /* unit      */ ["200",         "403",         "404",        "403"]]),
    ("append_to_upload", WITH_CAPABILITY, [
        /* inspector */ ["204",         NO_CAPABILITY, NO_UPLOAD,    NO_CAPABILITY],
        /* lead      */ ["204",         NO_CAPABILITY, NO_UPLOAD,    NO_CAPABILITY],
        /* reviewer  */ ["204",         NO_CAPABILITY, NO_UPLOAD,    NO_CAPABILITY],
        /* administr.*/ ["204",         NO_CAPABILITY, NO_UPLOAD,    NO_CAPABILITY],
        /* auditor   */ [NO_CAPABILITY, NO_CAPABILITY, NO_CAPABILITY, NO_CAPABILITY],
        /* unit      */ ["204",         NO_CAPABILITY, NO_UPLOAD,    NO_CAPABILITY]]),
    ("download_blob",  SIGNED, but_units(
                       ["200",          REVOKED,       NO_BLOB,      REVOKED],
                       [NO_BLOB,        REVOKED,       NO_BLOB,      REVOKED])),
    open("openapi", "200"),
    open("livez", "200"),
    open("readyz", "200"),
    open("metrics", "200"),
    open("version", "200"),
];

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_from_every_route_what_the_matrix_says() {
    let people = People::gather().await;
    let mut wrong = vec![];
    for (route, (id, strangers, roles)) in ROUTES.iter().zip(&MATRIX) {
        assert_eq!(route.id, *id, "rows stand in the order of the routes");
        let mut cells: Vec<(Actor, Told)> = STRANGERS.into_iter().zip(*strangers).collect();
        for (role, places) in ROLES.into_iter().zip(roles) {
            let of_role = PLACES.into_iter().map(|place| Actor::Enrolled(role, place));
            cells.extend(of_role.zip(*places));
        }
        for (actor, expected) in cells {
            let told = ask::ask(&people, route, actor).await;
            if told != expected {
                wrong.push(format!("{id}, {actor:?}: {told}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}

/// A role that is added to the server is added to the matrix.
#[test]
fn every_role_that_the_server_knows_is_in_the_matrix() {
    use clap::ValueEnum as _;
    let known = crate::config::Role::value_variants();
    let mut known: Vec<&str> = known.iter().map(|role| role.as_str()).collect();
    let mut asked = ROLES.to_vec();
    known.sort_unstable();
    asked.sort_unstable();
    assert_eq!(asked, known);
}
