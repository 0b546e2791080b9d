use proptest::prelude::*;

use super::*;
use crate::{SiteRow, initials};

fn site(code: &str, zh: &str, en: &str) -> SiteRow {
    SiteRow {
        code: code.to_owned(),
        parent: None,
        kind: "market".to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
        district: Some("南山".to_owned()),
        org: "ORG-1".to_owned(),
    }
}

fn register() -> Store {
    let mut store = device();
    let sites = [
        site("NS-MKT", "南山农批市场", "Nanshan Wholesale Market"),
        site("NS-MKT-G1", "南山农批市场一号门", "Nanshan Market Gate 1"),
        site("FT-COLD-2", "福田冷库", "Futian Cold Store"),
        site("BA-BUS-7", "宝安客运站", "Bao'an Coach Station"),
    ];
    store.put_sites(&sites).unwrap();
    store
}

fn codes(store: &Store, typed: &str) -> Vec<String> {
    store.find_sites(typed, 20).unwrap().into_iter().map(|site| site.code).collect()
}

#[test]
fn pages_of_what_is_found_hold_each_site_once() {
    let store = register();
    for (typed, all) in [
        ("农批", &["NS-MKT", "NS-MKT-G1"][..]),
        ("ns-mkt", &["NS-MKT", "NS-MKT-G1"]),
        ("ns-mkt-g1", &["NS-MKT-G1"]),
        ("market", &["NS-MKT", "NS-MKT-G1"]),
    ] {
        let mut seen: Vec<String> = vec![];
        while let [one] =
            &store.find_sites_after(typed, seen.last().map(String::as_str), 1).unwrap()[..]
        {
            seen.push(one.code.clone());
        }
        assert_eq!(seen, all, "{typed}");
        assert_eq!(store.find_sites_after(typed, Some("NOWHERE"), 5).unwrap(), []);
    }
}

#[test]
fn a_site_is_found_by_any_part_of_what_people_call_it() {
    let store = register();
    for (typed, found) in [
        ("农批", &["NS-MKT", "NS-MKT-G1"][..]),
        ("批市场", &["NS-MKT", "NS-MKT-G1"]),
        ("一号门", &["NS-MKT-G1"]),
        ("库", &["FT-COLD-2"]),
        ("nsnpsc", &["NS-MKT", "NS-MKT-G1"]),
        ("NPSC", &["NS-MKT", "NS-MKT-G1"]),
        ("ftlk", &["FT-COLD-2"]),
        ("cold", &["FT-COLD-2"]),
        ("ft-cold-2", &["FT-COLD-2"]),
        ("wholesale", &["NS-MKT"]),
        ("Cold Store", &["FT-COLD-2"]),
        ("market gate", &["NS-MKT-G1"]),
        ("bao'an", &["BA-BUS-7"]),
        ("南山 gate", &["NS-MKT-G1"]),
        ("g", &["NS-MKT-G1"]),
        ("w", &["NS-MKT"]),
        ("农山", &[]),
        ("nsxx", &[]),
        ("福田 宝安", &[]),
    ] {
        assert_eq!(codes(&store, typed), found, "{typed}");
    }
    assert_eq!(initials("南山农批市场 A1"), "nsnpsca1");
}

#[test]
fn an_exact_code_in_any_case_comes_first() {
    let mut store = device();
    store.put_sites(&[site("X-10", "十", "ten"), site("X-1", "一", "one")]).unwrap();
    assert_eq!(codes(&store, " x-1 "), ["X-1", "X-10"]);
    assert_eq!(store.find_site("x-10").unwrap().unwrap().en, "ten");
    assert_eq!(store.find_sites("x-1", 1).unwrap().len(), 1);
}

#[test]
fn a_renamed_site_is_found_under_its_new_name_only() {
    let mut store = register();
    store.put_sites(&[site("FT-COLD-2", "福田药库", "Futian Drug Store")]).unwrap();
    assert_eq!(codes(&store, "药库"), ["FT-COLD-2"]);
    assert_eq!(codes(&store, "冷库"), [""; 0]);
    assert_eq!(codes(&store, "futian"), ["FT-COLD-2"]);
}

#[test]
fn a_site_that_left_the_register_keeps_its_name_is_found_no_more_and_may_come_back() {
    let mut store = register();
    let listed = ["ns-mkt", "ns-mkt-g1", "ba-bus-7"].map(str::to_owned);
    store.keep_sites(&listed.into()).unwrap();
    for typed in ["福田", "ft-cold-2", "FT-COLD-2", "cold"] {
        assert_eq!(codes(&store, typed), [""; 0], "{typed}");
    }
    assert_eq!(codes(&store, "market"), ["NS-MKT", "NS-MKT-G1"]);
    assert_eq!(store.find_site("ft-cold-2").unwrap().unwrap().zh, "福田冷库");
    let left = |code| store.has_left(code).unwrap();
    assert!(left("ft-cold-2") && !left("ns-mkt") && !left("nowhere"));
    let period = ("2021-01-01", "2021-12-31");
    let coverage = store.coverage(crate::CoverageColumn::Kind, period.0, period.1).unwrap();
    assert_eq!(coverage.iter().map(|row| row.total).sum::<u32>(), 3);
    store.put_sites(&[site("FT-COLD-2", "福田冷库", "Futian Cold Store")]).unwrap();
    assert_eq!(codes(&store, "福田"), ["FT-COLD-2"]);
}

#[test]
fn whatever_is_typed_is_only_ever_a_name() {
    let store = register();
    for typed in [
        "",
        " ",
        "\"",
        "'",
        "*",
        "^",
        "-",
        "(",
        ")",
        ":",
        "{}",
        "a*",
        "\"a",
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(a b)",
        "zh : x",
        "zh:南山",
        "a AND",
        "AND AND",
        "'; drop table site; --",
        "%",
        "_",
        "\0",
        "a\0b",
        "①",
        "²",
        "é",
        "ß",
        "İ",
        "ﬁ",
        "𠮷",
        "𠮷野",
        "한",
        "ा",
        "कि",
        "😀",
        "\u{feff}x",
    ] {
        let found = store.find_sites(typed, 20);
        assert!(found.is_ok(), "{typed:?}: {found:?}");
    }
    assert_eq!(codes(&store, "\"农批\""), ["NS-MKT", "NS-MKT-G1"]);
    assert_eq!(codes(&store, "*"), [""; 0]);
    assert_eq!(codes(&store, "'; drop table site; --"), [""; 0]);
    assert_eq!(codes(&store, "农批").len(), 2);
}

proptest! {
    #[test]
    fn no_text_makes_finding_fail(typed in r#"(\PC|["'*(){}:^ -]|AND|OR|NOT|NEAR){0,10}"#) {
        let store = device();
        prop_assert!(store.find_sites(&typed, 5).is_ok(), "{typed:?}");
    }
}
