//! The forms of pyxform's tests; `tests/interop/forms/collect.py` collects them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

const ARCHIVE: &[u8] = include_bytes!("../data/pyxform.zip");

/// A form, and what pyxform makes of it.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Whether pyxform converts it.
    pub(crate) is_ok: bool,
    /// What it says where it does not.
    pub(crate) message: String,
    /// `path|type|flags` of every bind.
    pub(crate) binds: Vec<[String; 3]>,
    /// Names of the choices of each list.
    pub(crate) lists: BTreeMap<String, Vec<String>>,
}

pub(crate) fn fixtures() -> Vec<Fixture> {
    let mut archive = ZipArchive::new(Cursor::new(ARCHIVE)).unwrap();
    let mut part = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    let table = String::from_utf8(part("pyxform.tsv")).unwrap();
    let lines = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    lines
        .map(|cells| Fixture {
            name: cells[0].to_owned(),
            bytes: part(cells[0]),
            is_ok: cells[1] == "ok",
            message: cells[2].to_owned(),
            binds: cells[3].split_whitespace().map(bind).collect(),
            lists: serde_json::from_str(cells[4]).unwrap(),
        })
        .collect()
}

fn bind(text: &str) -> [String; 3] {
    let mut parts = text.split('|').map(str::to_owned);
    std::array::from_fn(|_| parts.next().unwrap())
}
