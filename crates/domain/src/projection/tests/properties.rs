use proptest::prelude::*;

use super::plan::{by_definition, ops, ops_and_a_delivery};
use super::*;

fn records(ops: &[Op]) -> std::collections::BTreeSet<RecordId> {
    ops.iter().map(Op::record).collect()
}

proptest! {
    #[test]
    fn any_order_and_any_repetition_give_the_same_bytes((ops, delivered) in ops_and_a_delivery()) {
        for record in records(&ops) {
            prop_assert_eq!(json(&project(record, &ops)), json(&project(record, &delivered)));
        }
    }

    #[test]
    fn a_slot_holds_what_counts_and_nothing_replaced(ops in ops()) {
        for record in records(&ops) {
            let doc = project(record, &ops);
            for slot in ["S-0", "S-1", "S-2"] {
                let path = SlotPath::new(slot).unwrap();
                let current = doc.slots.get(&path).into_iter().flatten();
                let current: Vec<_> = current.map(|c| (c.op, c.value.clone())).collect();
                prop_assert_eq!(current, by_definition(record, slot, &ops));
            }
        }
    }

    #[test]
    fn a_document_cites_exactly_the_ops_it_shows(ops in ops()) {
        for record in records(&ops) {
            let mut doc = project(record, &ops);
            let before = json(&doc);
            doc.drop_uncited();
            prop_assert_eq!(&json(&doc), &before);
            let shown = doc.slots.values().flatten().map(|current| current.op);
            prop_assert!(shown.into_iter().all(|op| doc.ops.contains_key(&op)));
            let read: RecordDoc = serde_json::from_str(&before).unwrap();
            prop_assert_eq!(json(&read), before);
        }
    }

    #[test]
    fn ops_of_other_records_change_nothing(ops in ops()) {
        for record in records(&ops) {
            let mine = ops.iter().filter(|op| op.record() == record);
            prop_assert_eq!(project(record, mine), project(record, &ops));
        }
    }

    /// A decision that replaces all that is current, and counts, leaves itself alone.
    #[test]
    fn a_decision_over_all_current_values_leaves_one(ops in ops()) {
        let record = ops[0].record();
        let doc = project(record, &ops);
        for (path, values) in &doc.slots {
            let replaces = values.iter().map(|current| current.op).collect();
            let data = OpData { replaces, ..set(path.as_str(), "decided") };
            let decision = Pens { seqs: [100; 4] }.write(0, Some(record), &data);
            let after = project(record, ops.iter().chain([&decision]));
            prop_assert_eq!(after.agreed(path.as_str()), Some(&Value::from("decided")));
            prop_assert_eq!(after.slots[path].len(), 1);
            // Taking it back brings back exactly what it replaced.
            let undo = OpData { retracts: vec![decision.hash.id()], ..OpData::default() };
            let undo = Pens { seqs: [101; 4] }.write(0, Some(record), &undo);
            let undone = project(record, ops.iter().chain([&decision, &undo]));
            prop_assert_eq!(json(&undone), json(&doc));
        }
    }
}
