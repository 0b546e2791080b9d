//! The merge inbox: what the day's merge could not do alone, with all that a decision needs in view.

use std::collections::BTreeMap;

use serde::Serialize;
use spotcheck_checklists::Kind;
use spotcheck_domain::{OpId, RecordId, SlotPath, Value};
use spotcheck_rules::{Bilingual, Judgement};
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::{AlikeView, DeskSite, FindingHit, SamenessView};
use crate::brief::Brief;
use crate::day::{Decided, MergedItem};
use crate::door::people::{People, person};
use crate::door::sync::clamp;
use crate::door::{Person, SignatureView};
use crate::inspection::Rules;
use crate::{AppError, Day, Decision, Device, Host, MergedStatus, MergedValue};

/// Merged checklists on a page of the inbox.
const PAGE: usize = 50;

/// The day's merge.
#[derive(Debug, Serialize, TS)]
pub struct InboxView {
    /// The day.
    pub day: String,
    /// Items that wait for a decision.
    pub open: u32,
    /// Items decided by a person.
    pub decided: u32,
    /// Items the merge united by itself.
    pub auto: u32,
    /// A page of the merged checklists with something to look at, those that wait first.
    pub groups: Vec<InboxGroup>,
    /// What to ask the next page by: how many were shown so far. None: that was all.
    pub next: Option<u32>,
    /// Merged checklists made of one check without contradictions: nothing to do for a person.
    pub quiet: u32,
}

/// A merged checklist in the inbox.
#[derive(Debug, Serialize, TS)]
pub struct InboxGroup {
    /// Where.
    pub site: DeskSite,
    /// The checklist's code.
    pub checklist: String,
    /// Its title; none where this version does not know it.
    pub title: Option<Bilingual>,
    /// How many checks it unites.
    pub checks: u32,
    /// Who took part.
    pub authors: Vec<Person>,
    /// Items united silently: equal values, or values of one person only.
    pub auto: u32,
    /// Items that wait, were decided, or were united by a policy: each with all its values.
    pub items: Vec<MergedItemView>,
    /// Codes of required items that nobody answered.
    pub missing: Vec<String>,
    /// Findings that may be the same thing seen twice, in groups.
    pub alike: Vec<AlikeView>,
    /// What leads said of findings that look alike, as far as it holds.
    pub sameness: Vec<SamenessView>,
    /// What does not fit together.
    pub suspicious: Vec<SuspicionView>,
    /// The lead's signature, if there is one.
    pub signatures: Vec<SignatureView>,
}

/// A merged checklist, all of it.
#[derive(Debug, Serialize, TS)]
pub struct MergedView {
    /// As in the inbox, with every item.
    pub group: InboxGroup,
    /// The day.
    pub day: String,
    /// The inspections it unites, by id.
    pub inspections: Vec<String>,
    /// Voided inspections: shown, not counted.
    pub voided: Vec<String>,
    /// Findings of all of them. Of those that are one thing, the one that stands for all.
    pub findings: Vec<FindingHit>,
    /// Photos and documents of all of them, by SHA-256.
    pub photos: Vec<String>,
}

/// An item of the merge.
#[derive(Debug, Serialize, TS)]
pub struct MergedItemView {
    /// What to decide it by; none where values agree.
    pub id: Option<String>,
    /// The slot.
    pub path: String,
    /// The item's text; none where this version does not know it.
    pub text: Option<Bilingual>,
    /// How it is answered.
    pub kind: Option<Kind>,
    /// The unit of a measured item.
    pub unit: Option<String>,
    /// How it stands.
    pub status: MergedStatus,
    /// The merged value; none while it waits.
    #[ts(type = "unknown")]
    pub value: Option<Value>,
    /// Every current value, side by side.
    pub sides: Vec<SideView>,
    /// Decisions that nothing replaced, also those that late data reopened. More than one where two
    /// leads decided without seeing each other.
    pub decisions: Vec<DecisionView>,
}

/// One of the values of an item.
#[derive(Debug, Serialize, TS)]
pub struct SideView {
    /// The op that set it: what `keep` takes.
    pub op: String,
    /// The inspection.
    pub inspection: String,
    /// Who.
    pub by: Person,
    /// When, as claimed: ms since 1970 UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The value.
    #[ts(type = "unknown")]
    pub value: Value,
    /// What it means by the rules of the day.
    pub judgement: Option<Judgement>,
    /// Photos that back it, by SHA-256.
    pub photos: Vec<String>,
    /// Came after the decision that is shown.
    pub late: bool,
}

/// A lead's decision.
#[derive(Debug, Serialize, TS)]
pub struct DecisionView {
    /// The op: what `undo` takes.
    pub op: String,
    /// Who.
    pub by: Person,
    /// By this device's user, who alone can take it back.
    pub mine: bool,
    /// The value decided on.
    #[ts(type = "unknown")]
    pub value: Value,
    /// Why.
    pub why: Option<String>,
    /// The ops it was made over: what it rests on.
    pub over: Vec<String>,
}

/// Something that does not fit together, for a person to look at.
#[derive(Debug, Serialize, TS)]
pub struct SuspicionView {
    /// `photo_reused`, `clock`, `after_signing`.
    pub code: String,
    /// The inspection it is about.
    pub inspection: String,
    /// Who made it.
    pub by: Person,
    /// The photo, slot or time it is about.
    pub about: String,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// A page of the day's merge. All of it is counted; what is shown of a merged checklist is made
    /// for this page alone, because a day has thousands of checks.
    pub(in crate::door) fn inbox(&mut self, day: &str, after: u32) -> Result<InboxView, AppError> {
        self.fill_briefs()?;
        let mut inbox = InboxView {
            day: day.to_owned(),
            open: 0,
            decided: 0,
            auto: 0,
            groups: vec![],
            next: None,
            quiet: 0,
        };
        let mut loud: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (site, checklist, quiet) in self.merges_of(day)? {
            match quiet {
                true => inbox.quiet += 1,
                false => loud.entry(site).or_default().push(checklist),
            }
        }
        let mut order = vec![];
        for (site, checklists) in &loud {
            let standings = self.standings(site, day)?;
            for checklist in checklists {
                let Some(standing) = standings.get(checklist) else { continue };
                inbox.open += standing.open;
                inbox.decided += standing.decided;
                inbox.auto += standing.auto;
                order.push((standing.open == 0, site, checklist));
            }
        }
        // What waits comes first; the sites stay in their order.
        order.sort_by_key(|it| it.0);
        let shown = order.iter().skip(after as usize);
        let people = self.people()?;
        for (_, site, checklist) in shown.clone().take(PAGE) {
            let Some(merged) = self.day_of(site, day, checklist)? else { continue };
            let mut group = self.group(&merged, &people)?;
            group.items.retain(|item| !item.is_quiet());
            inbox.groups.push(group);
        }
        inbox.next = (shown.count() > PAGE).then(|| after.saturating_add(PAGE as u32));
        Ok(inbox)
    }

    pub(in crate::door) fn merged(
        &self,
        site: &str,
        day: &str,
        checklist: &str,
    ) -> Result<MergedView, AppError> {
        let merged = self.day_of(site, day, checklist)?;
        let merged = merged.ok_or_else(|| {
            AppError::NotFound(format!("no check by {checklist} at {site} on {day}"))
        })?;
        let people = self.people()?;
        let group = self.group(&merged, &people)?;
        let findings = merged.findings.iter().filter(|id| !merged.is_part_of_another(**id));
        Ok(MergedView {
            group,
            day: merged.day.clone(),
            findings: self.hits(findings, &people)?,
            inspections: merged.inspections.iter().map(ToString::to_string).collect(),
            voided: merged.voided.iter().map(ToString::to_string).collect(),
            photos: merged.photos.iter().map(ToString::to_string).collect(),
        })
    }

    /// Decides an open item over the values in view. Only leads and reviewers do.
    pub(in crate::door) fn decide_one(
        &mut self,
        (site, day, id): (&str, &str, &str),
        decision: &Decision,
        seen: &[String],
        why: &str,
    ) -> Result<OpId, AppError> {
        self.leads_only("only a lead or a reviewer decides; both values are kept until then")?;
        let seen: Result<Vec<OpId>, _> = seen.iter().map(|op| op.parse()).collect();
        let seen = seen.map_err(|e| AppError::invalid("seen", e))?;
        self.decide_at(Some((site, day)), id, decision, &seen, why)
    }

    /// The merges of a day: site, checklist, and whether there is nothing for a person to do: one
    /// check without contradictions, of which no lead ever said anything.
    pub(super) fn merges_of(&self, day: &str) -> Result<Vec<(String, String, bool)>, AppError> {
        let mut merges: BTreeMap<(String, String), (u32, u32)> = BTreeMap::new();
        self.store.each_brief_on(day, |row| {
            let Some(check) = Brief::read(row.brief) else { return };
            let at = (row.site.to_owned(), check.checklist.into_owned());
            let (checks, differ) = merges.entry(at).or_default();
            if !check.voided {
                *checks += 1;
                *differ += check.contradictions;
            }
        })?;
        let ws = self.identity()?.ws;
        let mut listed = vec![];
        for ((site, checklist), (checks, differ)) in merges {
            let merge = RecordId::of_merge(ws, "", RecordId::of_site(ws, &site), day, &checklist);
            let loud = checks > 1 || differ > 0 || self.store.find_record(merge)?.is_some();
            if loud || checks > 0 {
                listed.push((site, checklist, !loud));
            }
        }
        Ok(listed)
    }

    fn group(&self, merged: &Day, people: &People) -> Result<InboxGroup, AppError> {
        let rules = merged.inspections.first().and_then(|id| self.rules_of(*id).ok());
        let user = self.identity()?.user;
        let mut items = vec![];
        for (path, item) in &merged.items {
            items.push(item_view(path, item, rules.as_ref(), people, user)?);
        }
        let auto = items.iter().filter(|item| item.is_quiet()).count();
        let by = |code: &String| {
            let id = code.parse().map_err(|e| AppError::invalid("author", e))?;
            Ok(person(people, id))
        };
        let alike = merged.alike.iter().map(|it| self.alike_view(it, people));
        let sameness = merged.sameness.iter().map(|it| self.sameness_view(it, people));
        Ok(InboxGroup {
            site: self.desk_site(&merged.site)?,
            checklist: merged.checklist.clone(),
            title: rules.as_ref().map(|rules| rules.checklist.title.clone()),
            checks: clamp(merged.inspections.len() as u64),
            authors: merged.authors.iter().map(by).collect::<Result<_, AppError>>()?,
            auto: clamp(auto as u64),
            items,
            missing: merged.missing.clone(),
            alike: alike.collect::<Result<_, AppError>>()?,
            sameness: sameness.collect::<Result<_, AppError>>()?,
            suspicious: self.suspicious(merged, people)?,
            signatures: self.merge_signatures(merged)?,
        })
    }
}

impl MergedItemView {
    fn is_quiet(&self) -> bool {
        self.status == MergedStatus::Agreed && self.decisions.is_empty()
    }
}

fn item_view(
    path: &str,
    item: &MergedItem,
    rules: Option<&Rules<'_>>,
    people: &People,
    user: spotcheck_domain::UserId,
) -> Result<MergedItemView, AppError> {
    let slot = SlotPath::new(path).map_err(|e| AppError::invalid("slot", e))?;
    let known = rules.and_then(|rules| rules.checklist.find_item(slot.item()));
    let rests_on = |op: &OpId| item.decisions.iter().any(|it| it.settles.contains(op));
    let side = |it: &MergedValue| {
        let by = it.by.parse().map_err(|e| AppError::invalid("author", e))?;
        let judgement = match rules.map(|rules| rules.judge(&slot, &it.value, it.trust.as_ref())) {
            Some(Ok((_, said))) => said,
            // Recorded by a newer version, or by an older one: shown, and judged by nobody here.
            Some(Err(_)) | None => None,
        };
        Ok(SideView {
            op: it.op.to_string(),
            inspection: it.inspection.to_string(),
            by: person(people, by),
            at_ms: it.at.0,
            value: it.value.clone(),
            judgement,
            photos: it.photos.iter().map(ToString::to_string).collect(),
            late: item.status == MergedStatus::Reopened && !rests_on(&it.op),
        })
    };
    Ok(MergedItemView {
        id: item.contradiction.clone(),
        path: path.to_owned(),
        text: known.map(|it| it.text.clone()),
        kind: known.map(|it| it.kind),
        unit: known.and_then(|it| it.unit.clone()),
        status: item.status,
        value: item.value.clone(),
        sides: item.values.iter().map(side).collect::<Result<_, AppError>>()?,
        decisions: item
            .decisions
            .iter()
            .map(|it| decision_view(it, people, user))
            .collect::<Result<_, AppError>>()?,
    })
}

fn decision_view(
    decided: &Decided,
    people: &People,
    user: spotcheck_domain::UserId,
) -> Result<DecisionView, AppError> {
    let by = decided.by.parse().map_err(|e| AppError::invalid("author", e))?;
    Ok(DecisionView {
        op: decided.op.to_string(),
        by: person(people, by),
        mine: by == user,
        value: decided.value.clone(),
        why: decided.why.clone(),
        over: decided.settles.iter().map(ToString::to_string).collect(),
    })
}
