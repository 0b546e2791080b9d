use super::*;

fn answer(yes: bool) -> OpData {
    let set = [(SlotPath::new("ENT-01").unwrap(), yes.into())].into();
    OpData { set, ..OpData::default() }
}

/// What somebody with the header tries: every answer there could have been, under a guessed salt.
fn guesses(op: &Op, salts: &[Salt]) -> usize {
    let candidates = [answer(true).write(), answer(false).write()];
    let hits = salts.iter().flat_map(|salt| candidates.iter().map(|text| data_sha256(salt, text)));
    hits.filter(|sha| *sha == op.header.data_sha256).count()
}

#[test]
fn a_purged_yes_or_no_cannot_be_guessed_without_its_salt() {
    let [yes, no] = [true, false].map(|a| Op::write(header(), &answer(a), &SEED).unwrap());
    assert_ne!(yes.header.data_sha256, no.header.data_sha256);
    // What stays known: ids, positions, and the explicit salts of the neighbours in the segment.
    let mut known: Vec<Salt> = (1..500).filter(|seq| *seq != 7).map(|seq| SEED.salt(seq)).collect();
    known.extend([Salt([0; 16]), Salt(header().log.0), Salt(header().ws.0), Salt(header().by.0)]);
    for op in [&yes, &no] {
        assert_eq!(guesses(op, &known), 0, "guessed from what a purge leaves");
        assert_eq!(guesses(op, &[op.body.as_ref().unwrap().salt]), 1, "its salt proves it");
        assert_eq!(guesses(op, &[SEED.salt(7)]), 1, "and so does the segment's seed");
    }
}

#[test]
fn each_position_and_each_segment_has_salts_of_its_own() {
    let mut salts: Vec<[u8; 16]> = (1..=500).map(|seq| SEED.salt(seq).0).collect();
    salts.extend((1..=500).map(|seq| Seed([0x67; 16]).salt(seq).0));
    salts.sort_unstable();
    salts.dedup();
    assert_eq!(salts.len(), 1000);
}

#[test]
fn a_purged_op_stands_where_it_stood() {
    let op = Op::write(header(), &answer(true), &SEED).unwrap();
    let purged = Op::read(op.header_text.clone(), None).unwrap();
    assert_eq!((purged.hash, purged.record()), (op.hash, op.record()));
    assert_eq!(purged.data().unwrap(), OpData::default());
}

#[test]
fn data_of_another_op_is_refused() {
    let op = Op::write(header(), &answer(true), &SEED).unwrap();
    let mut forged = op.body.clone().unwrap();
    forged.text = answer(false).write();
    let read = Op::read(op.header_text.clone(), Some(forged));
    assert!(matches!(read, Err(OpError::DataHash)), "{read:?}");
    let mut resalted = op.body.clone().unwrap();
    resalted.salt.0[0] ^= 1;
    assert!(Op::read(op.header_text, Some(resalted)).is_err());
}
