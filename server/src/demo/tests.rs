use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::*;
use crate::register;

fn sites<'a>(demo: &'a Demo, kind: &str) -> Vec<&'a Site> {
    demo.sites.iter().filter(|site| site.kind == kind).collect()
}

fn children<'a>(demo: &'a Demo, parent: &str) -> Vec<&'a Site> {
    demo.sites.iter().filter(|site| site.parent.as_deref() == Some(parent)).collect()
}

/// Every code once, mapped to its parent.
fn tree<'a>(
    nodes: impl Iterator<Item = (&'a String, &'a Option<String>)>,
) -> BTreeMap<&'a str, Option<&'a str>> {
    let mut tree = BTreeMap::new();
    for (code, parent) in nodes {
        let shape = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        assert!(code.len() <= 16 && code.chars().all(shape), "{code} is no code");
        assert!(tree.insert(code.as_str(), parent.as_deref()).is_none(), "{code} is there twice");
    }
    tree
}

fn assert_rooted(tree: &BTreeMap<&str, Option<&str>>) {
    for start in tree.keys() {
        let mut at = *start;
        for _ in tree {
            match tree.get(at) {
                Some(Some(parent)) => at = parent,
                Some(None) => break,
                None => panic!("{start}: {at} does not exist"),
            }
        }
        assert_eq!(tree[at], None, "{start} is in a cycle");
    }
}

fn organisation_tree(demo: &Demo) -> BTreeMap<&str, Option<&str>> {
    tree(demo.organisations.iter().map(|it| (&it.code, &it.parent)))
}

fn site_tree(demo: &Demo) -> BTreeMap<&str, Option<&str>> {
    tree(demo.sites.iter().map(|it| (&it.code, &it.parent)))
}

#[test]
fn the_registers_hold_what_the_article_counts() {
    let demo = demo().unwrap();
    let count = |kind| sites(&demo, kind).len();
    assert_eq!((count("port"), children(&demo, "YT").len()), (1, 7));
    assert_eq!((count("wholesale_market"), count("street_market")), (3, 10));
    assert_eq!((count("community"), children(&demo, "AIR").len()), (2, 11));
    assert_eq!((count("bus_company"), count("bus_route"), count("vehicle")), (8, 53, 2041));
    assert_eq!(count("fleet") + count("depot") + count("workshop"), 137);
    assert_eq!(demo.organisations.iter().filter(|it| it.kind == "unit").count(), 137);
    assert_eq!(count("key_station"), 40);
    assert!(sites(&demo, "key_station").iter().all(|site| site.organisation == "EB"));
    assert_eq!(demo.sites.len(), 3040);
}

#[test]
fn ten_street_markets_lie_in_three_districts() {
    let demo = demo().unwrap();
    let markets = sites(&demo, "street_market");
    let districts: BTreeSet<_> =
        markets.iter().filter_map(|site| site.district.as_deref()).collect();
    assert_eq!(districts, BTreeSet::from(["南山区", "福田区", "罗湖区"]));
    assert!(markets.iter().all(|site| site.organisation == "JM"));
}

#[test]
fn wholesale_markets_have_gates_and_cold_rooms() {
    let demo = demo().unwrap();
    for market in ["PH-MKT", "FT-MKT", "NS-MKT"] {
        let gates = children(&demo, market).iter().filter(|site| site.kind == "gate").count();
        assert_eq!(gates, 4, "{market}");
        assert!(children(&demo, &format!("{market}-CS")).len() >= 3, "{market}");
    }
    assert!(demo.sites.iter().any(|site| site.code == "NS-MKT-G1" && site.kind == "gate"));
}

#[test]
fn every_code_is_unique_and_every_tree_is_rooted() {
    let demo = demo().unwrap();
    assert_rooted(&organisation_tree(&demo));
    assert_rooted(&site_tree(&demo));
    let roots = demo.organisations.iter().filter(|it| it.parent.is_none()).count();
    assert_eq!(roots, 1, "the commission reads every subtree");
    let users: BTreeSet<_> = demo.users.iter().map(|user| &user.code).collect();
    assert_eq!(users.len(), demo.users.len());
}

#[test]
fn every_reference_leads_somewhere() {
    let demo = demo().unwrap();
    let (organisations, sites) = (organisation_tree(&demo), site_tree(&demo));
    let teams = tree(demo.teams.iter().map(|team| (&team.code, &None)));
    let programmes = tree(demo.programmes.iter().map(|it| (&it.code, &None)));
    let occasions = tree(demo.occasions.iter().map(|it| (&it.code, &None)));
    let known = |tree: &BTreeMap<&str, _>, codes: &[String]| {
        for code in codes {
            assert!(tree.contains_key(code.as_str()), "{code} does not exist");
        }
    };
    let one = std::slice::from_ref::<String>;
    demo.sites.iter().for_each(|it| known(&organisations, one(&it.organisation)));
    for user in &demo.users {
        known(&organisations, one(&user.organisation));
        known(&teams, &user.teams);
    }
    demo.teams.iter().for_each(|it| known(&organisations, &it.led_by));
    for programme in &demo.programmes {
        known(&organisations, one(&programme.issuer));
        known(&occasions, programme.occasion.as_slice());
    }
    for batch in &demo.batches {
        known(&programmes, one(&batch.programme));
        known(&organisations, one(&batch.organisation));
        known(&sites, &batch.sites);
    }
    for action in &demo.actions {
        known(&programmes, one(&action.programme));
        known(&teams, &action.teams);
        known(&sites, &action.sites);
    }
}

#[test]
fn everything_is_named_in_both_languages() {
    let demo = demo().unwrap();
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let names = demo.sites.iter().map(|it| (&it.zh, &it.en));
    let names = names.chain(demo.organisations.iter().map(|it| (&it.zh, &it.en)));
    let names = names.chain(demo.teams.iter().map(|it| (&it.zh, &it.en)));
    let names = names.chain(demo.users.iter().map(|it| (&it.zh, &it.en)));
    for (zh, en) in names {
        assert!(han(zh), "{zh:?} is not Chinese");
        assert!(en.chars().any(|c| c.is_ascii_alphabetic()) && !han(en), "{en:?} is not English");
    }
}

#[test]
fn every_route_has_mid_stops_and_every_vehicle_a_fleet_and_a_plate_of_its_own() {
    let demo = demo().unwrap();
    let tree = site_tree(&demo);
    for route in sites(&demo, "bus_route") {
        let stops =
            children(&demo, &route.code).iter().filter(|it| it.kind == "route_stop").count();
        assert!(stops >= 4, "{} has {stops} stops", route.code);
    }
    let vehicles = sites(&demo, "vehicle");
    let plates: BTreeSet<_> = vehicles.iter().map(|it| &it.zh).collect();
    assert_eq!(plates.len(), vehicles.len());
    for vehicle in vehicles {
        let route = vehicle.parent.as_deref().unwrap();
        let fleet = sites(&demo, "fleet").into_iter().find(|it| it.code == vehicle.organisation);
        assert_eq!(tree[route], fleet.unwrap().parent.as_deref(), "{}", vehicle.code);
        assert_eq!(vehicle.zh.chars().count(), "粤B12345D".chars().count());
    }
}

#[test]
fn teams_reach_across_organisations_and_the_metro_has_no_users() {
    let demo = demo().unwrap();
    for team in &demo.teams {
        let members: Vec<_> =
            demo.users.iter().filter(|user| user.teams.contains(&team.code)).collect();
        let bodies: BTreeSet<_> = members.iter().map(|user| &user.organisation).collect();
        assert!(bodies.len() >= 3, "{}", team.code);
        assert_eq!(members.iter().filter(|user| user.role == Role::Lead).count(), 1);
        assert!(members.iter().filter(|user| user.role == Role::Inspector).count() >= 3);
    }
    let has = |code: &str, role| demo.users.iter().any(|it| it.code == code && it.role == role);
    assert!(has("lead.produce", Role::Lead) && has("admin", Role::Administrator));
    assert!((1..=3).all(|n| has(&format!("insp.produce{n}"), Role::Inspector)));
    assert!(has("auditor", Role::Auditor) && has("reviewer", Role::Reviewer));
    assert!(demo.users.iter().any(|user| user.teams.len() > 1));
    assert!(!demo.users.iter().any(|user| user.organisation == "METRO"));
    assert!(demo.sites.iter().any(|site| site.organisation == "METRO"));
}

#[test]
fn twelve_batches_visit_eleven_places_and_actions_number_ten() {
    let demo = demo().unwrap();
    let visited: Vec<_> = demo.batches.iter().flat_map(|batch| &batch.sites).collect();
    let places: BTreeSet<_> = visited.iter().collect();
    assert_eq!((demo.batches.len(), places.len(), demo.actions.len()), (12, 11, 10));
    assert!(visited.len() > places.len(), "places repeat across batches");
    let within = |programme: &str, day| {
        let programme = demo.programmes.iter().find(|it| it.code == programme).unwrap();
        (programme.starts_on..=programme.ends_on).contains(&day)
    };
    assert!(demo.batches.iter().all(|it| within(&it.programme, it.held_on)));
    assert!(demo.actions.iter().all(|it| within(&it.programme, it.held_on)));
}

#[test]
fn the_article_s_bodies_keep_their_other_names() {
    let demo = demo().unwrap();
    let seventh = demo.organisations.iter().find(|it| it.code == "CDI-7").unwrap();
    assert_eq!(seventh.aliases, ["第三监督检查组"]);
}

#[test]
fn the_published_register_is_the_same_bytes_every_time() {
    let hash = || {
        let pages = register::pages(&demo().unwrap().sites);
        pages.iter().fold(Sha256::new(), |hash, page| hash.chain_update(page)).finalize()
    };
    assert_eq!(hash(), hash());
    assert_eq!(
        data_encoding::HEXLOWER.encode(&hash()),
        "fdd1121b45347793ff88495b1fa0d3217b88b6bb66068d6604169eda7f6add05",
        "the published register changed: intended?"
    );
}

#[test]
fn the_published_register_is_whole_and_in_order_of_code() {
    let mut demo = demo().unwrap();
    let in_order = demo.sites.clone();
    demo.sites.reverse();
    let pages = register::pages(&demo.sites);
    let read: Vec<serde_json::Value> = pages
        .iter()
        .flat_map(|page| serde_json::from_slice::<Vec<serde_json::Value>>(page).unwrap())
        .collect();
    assert_eq!(read, serde_json::to_value(in_order).unwrap().as_array().unwrap()[..]);
}
