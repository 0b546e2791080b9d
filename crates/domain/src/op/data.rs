//! What an op does. Understood by every version and by the server, whatever the op's kind.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::OpError;
use crate::id::{BlobHash, OpId, RecordId};
use crate::slot::SlotPath;
use crate::value::{MAX_DEPTH, Value};

/// The largest data an op may carry; anything larger is a document named by its hash.
pub const MAX_DATA_BYTES: usize = 64 * 1024;

/// An op's data. Empty members are not written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct OpData {
    /// The record this one belongs to; only in the op that creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<RecordId>,
    /// Slot → value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<SlotPath, Value>,
    /// Every current op of those slots that the author saw. Acts only in the slots of `set`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<OpId>,
    /// Ops of this record that no longer count: neither current nor replacing nor retracting.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retracts: Vec<OpId>,
    /// In a merge: the current ops this decision was made over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settles: Vec<OpId>,
    /// Photos and documents that the values name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<BlobRef>,
    /// What a signer saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<Covers>,
    /// The reason a person gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A photo or document, by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobRef {
    /// SHA-256 of its bytes.
    pub sha256: BlobHash,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What a signer saw: anything beyond it shows as "after signing".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covers {
    /// How many ops of the record and its children.
    pub count: u64,
    /// SHA-256 over their sorted op hashes.
    pub ops_sha256: BlobHash,
    /// Every photo and document they name, sorted.
    pub blobs: Vec<BlobHash>,
}

impl OpData {
    /// Reads data of any version.
    ///
    /// # Errors
    /// On anything but strict JSON with these members in these shapes. Members of a newer version
    /// pass, as strict JSON: the stored text keeps them.
    pub fn parse(text: &str) -> Result<Self, OpError> {
        serde_json::from_str(text).map_err(|e| OpError::Data(e.to_string()))
    }

    /// The bytes to hash and store: no whitespace, raw UTF-8, members in a fixed order.
    pub fn write(&self) -> String {
        // Maps with text keys, text, integers: nothing here can fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for OpData {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(DataVisitor)
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = OpData;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of op data")
    }

    // By hand, because a derived reader lets a member that it does not know appear twice.
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<OpData, A::Error> {
        let mut data = OpData::default();
        let mut seen: Vec<String> = Vec::new();
        while let Some(key) = members.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(de::Error::custom(format_args!("key {key:?} appears twice")));
            }
            match key.as_str() {
                "parent" => data.parent = Some(members.next_value()?),
                "set" => data.set = members.next_value::<Slots>()?.0,
                "replaces" => data.replaces = members.next_value()?,
                "retracts" => data.retracts = members.next_value()?,
                "settles" => data.settles = members.next_value()?,
                "blobs" => data.blobs = strict(&mut members)?,
                "covers" => data.covers = Some(strict(&mut members)?),
                "why" => data.why = Some(members.next_value()?),
                _ => {
                    let _kept: Value = strict(&mut members)?;
                }
            }
            if seen.len() >= 64 {
                return Err(de::Error::custom("more than 64 members"));
            }
            seen.push(key);
        }
        Ok(data)
    }
}

/// Reads a member that a newer version may have added to: strict JSON in every part, known or not.
fn strict<'de, A: MapAccess<'de>, T: DeserializeOwned>(members: &mut A) -> Result<T, A::Error> {
    let value: Value = members.next_value()?;
    if value.too_deep() {
        return Err(de::Error::custom(format_args!("deeper than {MAX_DEPTH}")));
    }
    serde_json::from_str(&value.to_string()).map_err(de::Error::custom)
}

struct Slots(BTreeMap<SlotPath, Value>);

impl<'de> Deserialize<'de> for Slots {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct SlotsVisitor;
        impl<'de> Visitor<'de> for SlotsVisitor {
            type Value = Slots;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of slot values")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Slots, A::Error> {
                let mut slots = BTreeMap::new();
                while let Some((path, value)) = members.next_entry::<SlotPath, Value>()? {
                    if value.too_deep() {
                        return Err(de::Error::custom(format_args!(
                            "{path}: deeper than {MAX_DEPTH}"
                        )));
                    }
                    if slots.insert(path, value).is_some() {
                        return Err(de::Error::custom("a slot appears twice"));
                    }
                }
                Ok(Slots(slots))
            }
        }
        from.deserialize_map(SlotsVisitor)
    }
}
