//! Access lists: which teams, organisations and roles read and write a scope.
//!
//! A team has a scope of its own, which its members read and write by their role in it. Any further
//! scope, such as a joint visit's or an inspected unit's, has an access list in the server's log: for
//! each party a slot `access/PARTY/may`, whose value is `read` or `write`; empty takes it away.
//! Writing includes reading. A party is written `team.ID`, `org.CODE` or `role.NAME`; an organisation
//! stands for all below it.

use std::fmt;
use std::str::FromStr;

use spotcheck_domain::op::OpData;
use spotcheck_domain::slot::SlotPathError;
use spotcheck_domain::{RecordId, SlotPath, Value};

/// Who an entry of an access list is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The members of a team, by the record that added it.
    Team(RecordId),
    /// Who belongs to an organisation, or to one below it, by code.
    Organisation(String),
    /// Everybody with a role.
    Role(String),
}

/// What a party may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum May {
    /// Read.
    Read,
    /// Read and write: those whose role writes at all.
    Write,
}

/// Roles that record: in a team, and in a scope that is open to them for writing.
pub const WRITING_ROLES: [&str; 3] = ["inspector", "lead", "reviewer"];
/// 被检查单位: is in no team, reads no directory, and sees what is shared with its organisation.
pub const UNIT: &str = "unit";

/// Whether a role writes in a scope whose list says `write`. A unit does not: among what inspectors
/// record there it could void what was found at it. It will answer notices, by kinds of op of its own.
pub fn may_record(role: &str) -> bool {
    WRITING_ROLES.contains(&role)
}

impl May {
    /// As a slot's value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Team(team) => write!(f, "team.{team}"),
            Self::Organisation(code) => write!(f, "org.{code}"),
            Self::Role(role) => write!(f, "role.{role}"),
        }
    }
}

impl FromStr for Party {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once('.').ok_or(())? {
            ("team", id) => id.parse().map(Self::Team).map_err(|_| ()),
            ("org", code) => Ok(Self::Organisation(code.to_owned())),
            ("role", role) => Ok(Self::Role(role.to_owned())),
            _ => Err(()),
        }
    }
}

/// Organisations above one that are looked at: no real tree is deeper, and a ring must end.
const DEEPEST: usize = 32;

/// An organisation and all above it, lowest first. `above` gives the code of the one directly above.
///
/// # Errors
/// When `above` fails.
pub fn organisations_above<E>(
    own: Option<String>,
    mut above: impl FnMut(&str) -> Result<Option<String>, E>,
) -> Result<Vec<String>, E> {
    let mut line: Vec<String> = vec![];
    let mut next = own.filter(|code| !code.is_empty());
    while let Some(code) = next.filter(|code| line.len() < DEEPEST && !line.contains(code)) {
        next = above(&code)?.filter(|code| !code.is_empty());
        line.push(code);
    }
    Ok(line)
}

/// The slot that says what a party may do.
///
/// # Errors
/// When an organisation's code has characters that no path takes.
pub fn slot(party: &Party) -> Result<SlotPath, SlotPathError> {
    SlotPath::new(&format!("access/{party}/may"))
}

/// What a slot says of a party; none where it says nothing of access. A party or a word of a newer
/// version opens nothing.
pub fn entry(path: &SlotPath, value: &Value) -> Option<(Party, Option<May>)> {
    let party = path.as_str().strip_prefix("access/")?.strip_suffix("/may")?.parse().ok()?;
    let may = match value.as_text() {
        Some("read") => Some(May::Read),
        Some("write") => Some(May::Write),
        _ => None,
    };
    Some((party, may))
}

/// All that an op says of access.
pub fn entries(data: &OpData) -> impl Iterator<Item = (Party, Option<May>)> {
    data.set.iter().filter_map(|(path, value)| entry(path, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_an_organisation_ends_at_the_top_in_a_ring_and_in_a_tree_that_is_too_deep() {
        type Never = std::convert::Infallible;
        let own = || Some("0".to_owned());
        let top = organisations_above(own(), |code| {
            Ok::<_, Never>((code == "0").then(|| "1".to_owned()))
        });
        assert_eq!(top.unwrap(), ["0", "1"]);
        let ring = organisations_above(own(), |code| {
            Ok::<_, Never>(Some(if code == "0" { "1" } else { "0" }.to_owned()))
        });
        assert_eq!(ring.unwrap(), ["0", "1"]);
        let deep = organisations_above(own(), |code| Ok::<_, Never>(Some(format!("{code}0"))));
        assert_eq!(deep.unwrap().len(), DEEPEST);
        let none = organisations_above(Some(String::new()), |_| Ok::<_, Never>(own()));
        assert!(none.unwrap().is_empty());
    }

    #[test]
    fn a_party_is_read_as_it_is_written_and_one_of_a_newer_version_opens_nothing() {
        let parties = [
            Party::Team(RecordId([7; 16])),
            Party::Organisation("SN-DI.2".to_owned()),
            Party::Role("auditor".to_owned()),
        ];
        for party in parties {
            assert_eq!(party.to_string().parse(), Ok(party.clone()));
            let path = slot(&party).unwrap();
            for (word, may) in
                [("read", Some(May::Read)), ("write", Some(May::Write)), ("own", None)]
            {
                assert_eq!(entry(&path, &word.into()), Some((party.clone(), may)));
            }
            assert_eq!(entry(&path, &Value::Null), Some((party, None)));
        }
        for other in
            ["access/guild.X/may", "access/team.X/may", "access/X/may", "shared/org.A/with"]
        {
            assert_eq!(entry(&SlotPath::new(other).unwrap(), &"read".into()), None, "{other}");
        }
        assert!(slot(&Party::Organisation("门".to_owned())).is_err());
    }
}
