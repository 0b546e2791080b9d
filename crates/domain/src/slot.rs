//! Where a value lives in a record.

use std::fmt;

/// A slot's place in its record: an item code, or `code/instance/code` in a repeat, nested at most
/// three repeats deep. An instance is an id, never an index, so that two people who add a gate each
/// add two gates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotPath(String);

/// A path that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "slot path {0:?}: use CODE or CODE/INSTANCE/CODE, each of A-Z a-z 0-9 . _ - and at most 64 long"
)]
pub struct SlotPathError(String);

impl SlotPath {
    /// Checks and takes a path.
    ///
    /// # Errors
    /// When it has an even number of parts, more than seven, or a part with other characters.
    pub fn new(path: &str) -> Result<Self, SlotPathError> {
        let fine = |part: &str| {
            (1..=64).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        let parts = path.split('/').count();
        if parts % 2 == 1 && parts <= 7 && path.split('/').all(fine) {
            Ok(Self(path.to_owned()))
        } else {
            // Outside bytes: keep the message short whatever came in.
            Err(SlotPathError(path.chars().take(80).collect()))
        }
    }

    /// The path as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The item code: the last part.
    pub fn item(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for SlotPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for SlotPath {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for SlotPath {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_and_repeats_are_paths() {
        assert_eq!(SlotPath::new("gates/NS-MKT-G1/ENT-01").unwrap().item(), "ENT-01");
        for bad in ["", "a/b", "a//b", "a b", "门", "a/b/c/d/e/f/g/h/i", "../x/y"] {
            assert_eq!(SlotPath::new(bad).is_ok(), bad == "../x/y", "{bad}");
        }
        assert!(SlotPath::new(&"x".repeat(65)).is_err());
    }
}
