//! Opening a record to a further scope.
//!
//! A share op is about the record, in its home scope; its kind ends in `.shared`, and for each scope
//! it sets the slot `shared/SCOPE/with`. The server delivers the record, what belongs to it, and all
//! that follows, to that scope too. What was shared was read: there is no taking it back.

use spotcheck_domain::op::OpData;
use spotcheck_domain::slot::SlotPathError;
use spotcheck_domain::{ScopeId, SlotPath};

/// The slot that shares with a scope.
///
/// # Errors
/// Never: an id is a part of a path.
pub fn slot(scope: ScopeId) -> Result<SlotPath, SlotPathError> {
    SlotPath::new(&format!("shared/{scope}/with"))
}

/// The scopes that an op of this kind shares its record with.
pub fn targets(kind: &str, data: &OpData) -> Vec<ScopeId> {
    if !kind.ends_with(".shared") {
        return vec![];
    }
    let scope = |path: &SlotPath| {
        let inner = path.as_str().strip_prefix("shared/")?.strip_suffix("/with")?;
        inner.parse().ok()
    };
    data.set.keys().filter_map(scope).collect()
}

#[cfg(test)]
mod tests {
    use spotcheck_domain::Value;

    use super::*;

    #[test]
    fn a_share_op_names_its_scopes_and_others_name_none() {
        let scopes = [ScopeId([1; 16]), ScopeId([2; 16])];
        let mut data = OpData::default();
        for scope in scopes {
            data.set.insert(slot(scope).unwrap(), Value::from(true));
        }
        data.set.insert(SlotPath::new("shared/nobody/with").unwrap(), Value::from(true));
        assert_eq!(targets("inspection.shared", &data), scopes);
        assert_eq!(targets("inspection.answered", &data), []);
    }
}
