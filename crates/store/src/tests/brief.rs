use super::*;
use crate::{CoverageColumn, SiteRow};

fn check(store: &mut Store, site: &str, day: &str) -> RecordId {
    let mut data = set("site", site);
    data.set.extend(set("day", day).set);
    let draft = draft(None, HOME, data);
    store.record(&draft, at(1), [9; 16]).unwrap().record()
}

fn site(code: &str, kind: &str) -> SiteRow {
    let [zh, en] = [code, code].map(str::to_owned);
    let (kind, org) = (kind.to_owned(), "ORG-1".to_owned());
    SiteRow { code: code.to_owned(), parent: None, kind, zh, en, district: None, org }
}

#[test]
fn a_brief_is_forgotten_as_soon_as_its_record_changes() {
    let mut store = device();
    let (one, other) = (check(&mut store, "A", "2021-06-24"), check(&mut store, "B", "2021-06-24"));
    let missing = |store: &Store| -> Vec<RecordId> {
        store.without_brief(10).unwrap().into_iter().map(|row| row.record).collect()
    };
    assert_eq!(missing(&store).len(), 2);
    store.put_briefs(&[(one, "1".to_owned()), (other, "2".to_owned())]).unwrap();
    assert_eq!(missing(&store), []);
    let mut said = String::new();
    let mut see = |row: crate::BriefRow<'_>| said.extend([row.site, row.brief]);
    store.each_brief_on("2021-06-24", &mut see).unwrap();
    assert_eq!(said, "A1B2");
    let parent = OpData { parent: Some(other), ..set("note", "dirty") };
    let found = Draft { kind: "finding.raised".to_owned(), ..draft(None, HOME, parent) };
    let found = store.record(&found, at(2), [7; 16]).unwrap().record();
    assert_eq!(missing(&store), [other], "it says what its findings add up to");
    store.put_briefs(&[(other, "2".to_owned())]).unwrap();
    assert_eq!(missing(&store), []);
    let cured = draft(Some(found), HOME, set("cured", "yes"));
    store.record(&cured, at(3), [6; 16]).unwrap();
    assert_eq!(missing(&store), [other]);
    store.put_briefs(&[(other, "2".to_owned())]).unwrap();
    let more = draft(Some(other), HOME, set("note", "more"));
    store.record(&more, at(2), [8; 16]).unwrap();
    assert_eq!(missing(&store), [other]);
    store.forget_briefs().unwrap();
    assert_eq!(missing(&store).len(), 2);
}

#[test]
fn coverage_names_the_sites_nobody_saw_those_never_seen_first() {
    let mut store = device();
    let sites =
        [site("M-1", "market"), site("M-2", "market"), site("M-3", "market"), site("V", "vehicle")];
    store.put_sites(&sites).unwrap();
    check(&mut store, "M-1", "2021-06-24");
    check(&mut store, "M-2", "2021-05-01");
    let groups = store.coverage(CoverageColumn::Kind, "2021-06-20", "2021-06-24").unwrap();
    let figures: Vec<_> =
        groups.iter().map(|it| (it.key.as_str(), it.total, it.done, it.never)).collect();
    assert_eq!(figures, [("market", 3, 1, 1), ("vehicle", 1, 0, 1)]);
    assert_eq!(groups[0].oldest.as_deref(), Some("2021-05-01"));
    let names = |done: bool, after: u32| -> Vec<String> {
        let period = ("2021-06-20", "2021-06-24");
        let asked = (CoverageColumn::Kind, "market");
        let rows = store.coverage_sites(asked, period, done, after, 10).unwrap();
        rows.into_iter().map(|(site, _)| site.code).collect()
    };
    assert_eq!(names(true, 0), ["M-1"]);
    assert_eq!(names(false, 0), ["M-3", "M-2"]);
    assert_eq!(names(false, 1), ["M-2"]);
    assert_eq!(store.days(1).unwrap(), [("2021-06-24".to_owned(), 1)]);
}
