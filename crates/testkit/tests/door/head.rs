//! What a check's head lacks is said, and never in the way.

use serde_json::json;

use crate::calls::{ask, try_ask, world};

#[test]
fn what_the_head_lacks_is_said_and_nothing_waits_for_it() {
    let mut world = world();
    let at = "2021-06-24T09:30:00+08:00";
    for (inspectors, arrived_at, place, lacks) in [
        (json!(["ada"]), json!(null), json!(null), json!(["inspectors", "arrived_at", "place"])),
        (json!(["ada", "ben"]), json!(at), json!(null), json!(["place"])),
        (json!(["ada", "ben"]), json!(at), json!({"none": "no signal in the cellar"}), json!([])),
    ] {
        let head = json!({
            "checklist": "CCS", "site": "CS-1", "day": "2021-06-24",
            "inspectors": inspectors, "arrived_at": arrived_at, "place": place,
        });
        let id = ask(&mut world, 0, json!({"call": "start_check", "head": head}));
        let check = ask(&mut world, 0, json!({"call": "check", "id": id}));
        assert_eq!(check["head_lacks"], lacks);
        ask(&mut world, 0, json!({"call": "complete", "id": id}));
    }
}

#[test]
fn a_place_that_is_none_on_earth_is_refused_by_name() {
    let mut world = world();
    for (lat, lon, field) in [("91", "0", "lat"), ("0", "180.5", "lon"), ("here", "0", "lat")] {
        let place = json!({"position": {"lat": lat, "lon": lon, "accuracy_m": 5}});
        let head = json!({"checklist": "CCS", "site": "CS-1", "inspectors": ["ada", "ben"], "place": place});
        let call = json!({"call": "start_check", "head": head});
        assert!(try_ask(&mut world, 0, &call).unwrap_err().contains(field), "{lat}, {lon}");
    }
}
