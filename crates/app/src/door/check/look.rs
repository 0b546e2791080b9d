//! Looking at a check: from slots to sections, items and answers.

use spotcheck_checklists::{Item, Standing};
use spotcheck_domain::projection::{Cited, RecordDoc};
use spotcheck_domain::{RecordId, SlotPath, Value};
use spotcheck_rules::{Bilingual, Judgement, Pack};
use spotcheck_store::{BlobStore, RecordRow};

use super::head::{head_of, list_of, particulars_of};
use super::score::score_of;
use super::{
    AnswerView, CheckView, ComputedView, ItemView, LimitLine, LimitView, SectionView, ValueThen,
    ValueView,
};
use crate::door::people::{People, person};
use crate::door::{FindingView, Person};
use crate::inspection::{Rules, Stand, evidence_path, places_of, slot_path};
use crate::instruments::trust_of;
use crate::query::text;
use crate::{AppError, Device, HeadPart, Host};

/// What one look at a check needs again and again.
struct Looking<'a> {
    doc: &'a RecordDoc,
    rules: Rules<'a>,
    stand: Stand<'a>,
    people: People,
    findings: Vec<FindingView>,
    last: Option<RecordDoc>,
    user: spotcheck_domain::UserId,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(in crate::door) fn check_view(&self, record: RecordId) -> Result<CheckView, AppError> {
        let rules = self.rules_of(record)?;
        let row = self.store.find_record(record)?;
        let row = row
            .ok_or_else(|| AppError::NotFound(format!("no inspection {record} on this device")))?;
        let people = self.people()?;
        let findings = self.finding_views(record, &people)?;
        let last = self.last_check_like(&row)?;
        let user = self.identity()?.user;
        let stand = rules.stand(record, &row.doc);
        let looking = Looking { doc: &row.doc, rules, stand, people, findings, last, user };
        let sections = self.sections(&looking)?;
        let (missing, misfits) = (missing(&sections), misfits(&sections));
        let named = list_of(&row.doc, "inspectors");
        let by_code = |code: &String| {
            let known = looking.people.values().find(|it| it.code == *code).cloned();
            known.unwrap_or_else(|| Person {
                code: code.clone(),
                zh: code.clone(),
                en: code.clone(),
                role: String::new(),
            })
        };
        Ok(CheckView {
            inspectors: named.iter().map(by_code).collect(),
            may_write: self.writable_scope_of(record).is_ok() && row.doc.agreed("voided").is_none(),
            voided: self.void_reason(record, &row.doc)?,
            head: head_of(&row.doc),
            particulars: particulars_of(&row.doc),
            signatures: self.signature_views(record, &row.doc, &self.covers(record)?)?,
            missing,
            misfits,
            newer: self.newer_view(&looking.rules, &row.doc),
            old: self.old_answers(&looking.rules, &row.doc)?,
            score: score_of(&looking.rules, &sections),
            head_lacks: HeadPart::lacking(&row.doc),
            sections,
            findings: looking.findings,
            card: self.card(row.clone(), &looking.people)?,
        })
    }

    /// One item's answer, as it now stands.
    pub(in crate::door) fn answer_view(
        &self,
        record: RecordId,
        path: &str,
    ) -> Result<AnswerView, AppError> {
        let path = slot_path(path)?;
        let rules = self.rules_of(record)?;
        let Some(row) = self.store.find_record(record)? else {
            return Err(AppError::NotFound(format!("no inspection {record} on this device")));
        };
        let people = self.people()?;
        let findings = self.finding_views(record, &people)?;
        let user = self.identity()?.user;
        let stand = rules.stand(record, &row.doc);
        let looking = Looking { doc: &row.doc, rules, stand, people, findings, last: None, user };
        let instance = path.as_str().split('/').nth(1).map(str::to_owned);
        let item = looking.rules.item_at(&path)?;
        answer_of(&looking, item, &path, instance)
    }

    fn sections(&self, looking: &Looking<'_>) -> Result<Vec<SectionView>, AppError> {
        let mut sections: Vec<SectionView> = vec![];
        for item in &looking.rules.checklist.items {
            let key = section_key(item);
            let at = match sections.iter().position(|section| section.key == key) {
                Some(at) => at,
                None => {
                    let instances = item.repeat.map_or(vec![], |it| places_of(looking.doc, it));
                    sections.push(SectionView {
                        key: key.to_owned(),
                        repeat: item.repeat,
                        instances,
                        items: vec![],
                    });
                    sections.len() - 1
                }
            };
            let view = item_view(looking, item, &sections[at].instances)?;
            sections[at].items.push(view);
        }
        // What is signed comes last.
        let order = |it: &SectionView| usize::from(it.key == "common");
        sections.sort_by_key(order);
        Ok(sections)
    }

    /// The check of the same checklist at the same site before this one, from this device.
    fn last_check_like(&self, row: &RecordRow) -> Result<Option<RecordDoc>, AppError> {
        let (site, day) = (text(&row.doc, "site"), text(&row.doc, "day"));
        let mut days = self.store.places(Some(site), None)?;
        days.retain(|(_, on)| on.as_str() < day);
        // The days are in order: the last one that has such a check.
        for (_, on) in days.iter().rev().take(5) {
            for earlier in self.store.records_at(site, on)? {
                let same = text(&earlier.doc, "checklist") == text(&row.doc, "checklist");
                if same && earlier.doc.agreed("voided").is_none() {
                    return Ok(Some(earlier.doc));
                }
            }
        }
        Ok(None)
    }

    fn void_reason(&self, record: RecordId, doc: &RecordDoc) -> Result<Option<String>, AppError> {
        let path = slot_path("voided")?;
        let Some(current) = doc.slots.get(&path).and_then(|values| values.first()) else {
            return Ok(None);
        };
        let rows = self.store.ops_of(record)?;
        let op = rows.iter().find(|row| row.op.hash.id() == current.op);
        Ok(Some(op.and_then(|row| row.op.data().ok()?.why).unwrap_or_default()))
    }

    pub(in crate::door) fn history_of(
        &self,
        record: RecordId,
        path: &str,
    ) -> Result<Vec<ValueThen>, AppError> {
        let path = slot_path(path)?;
        let people = self.people()?;
        let user = self.identity()?.user;
        let Some(row) = self.store.find_record(record)? else {
            return Err(AppError::NotFound(format!("no record {record} on this device")));
        };
        let current = row.doc.slots.get(&path).map(Vec::as_slice).unwrap_or_default();
        let rows = self.store.ops_about(record, &path)?;
        let setting: std::collections::BTreeSet<_> = rows
            .iter()
            .filter(|row| row.op.data().is_ok_and(|data| data.set.contains_key(&path)))
            .map(|row| row.op.hash.id())
            .collect();
        let mut history = vec![];
        for row in rows {
            let Ok(data) = row.op.data() else { continue };
            let op = row.op.hash.id();
            let takes_back = data.retracts.iter().any(|it| setting.contains(it));
            if !setting.contains(&op) && !takes_back {
                continue;
            }
            history.push(ValueThen {
                op: op.to_string(),
                kind: row.op.header.kind.clone(),
                value: data.set.get(&path).cloned(),
                why: data.why,
                current: current.iter().any(|it| it.op == op),
                by: person(&people, row.op.header.by),
                mine: row.op.header.by == user,
                at_ms: row.op.header.at.wall_ms,
            });
        }
        history.reverse();
        Ok(history)
    }
}

fn section_key(item: &Item) -> &'static str {
    match item.repeat {
        Some(repeat) => repeat.as_str(),
        None if item.code.starts_with("GEN-") => "common",
        None => "place",
    }
}

fn item_view(
    looking: &Looking<'_>,
    item: &Item,
    instances: &[[String; 2]],
) -> Result<ItemView, AppError> {
    let answers = match item.repeat {
        None => vec![answer_of(looking, item, &slot_path(&item.code)?, None)?],
        Some(repeat) => instances
            .iter()
            .map(|[id, _]| {
                let path = slot_path(&format!("{}/{id}/{}", repeat.as_str(), item.code))?;
                answer_of(looking, item, &path, Some(id.clone()))
            })
            .collect::<Result<_, AppError>>()?,
    };
    Ok(ItemView {
        limit: limit_of(looking.rules.pack, looking.rules.day, item),
        required: answers.is_empty() && looking.stand.at(item, None).required,
        item: item.clone(),
        answers,
    })
}

/// The limit of a day that judges an item.
pub(in crate::door) fn limit_of(
    pack: &Pack,
    day: chrono::NaiveDate,
    item: &Item,
) -> Option<LimitView> {
    let key = item.limit.as_deref()?;
    let limit = pack.find_limit(key, day)?;
    let units = limit.values.iter().map(|value| LimitLine {
        unit: value.unit.clone(),
        text: limit.describe(value),
        value: value.value.as_ref().map(ToString::to_string),
        min: value.min.as_ref().map(ToString::to_string),
        max: value.max.as_ref().map(ToString::to_string),
    });
    Some(LimitView {
        key: key.to_owned(),
        title: limit.title.clone(),
        units: units.collect(),
        source: limit.source.clone(),
    })
}

fn answer_of(
    looking: &Looking<'_>,
    item: &Item,
    path: &SlotPath,
    instance: Option<String>,
) -> Result<AnswerView, AppError> {
    let current = looking.doc.slots.get(path).map(Vec::as_slice).unwrap_or_default();
    let mut failed = false;
    let mut values = vec![];
    for it in current {
        // Recorded by a newer version, or by an older one: shown, and judged by nobody here.
        let trust = trust_of(looking.doc, path, it.op);
        let judged = looking.rules.judge(path, &it.value, trust.as_ref());
        let judgement = judged.ok().and_then(|(_, said)| said);
        failed |= judgement.as_ref().is_some_and(Judgement::failed);
        let cited: Option<&Cited> = looking.doc.ops.get(&it.op);
        let by = cited.map_or(looking.user, |cited| cited.by);
        values.push(ValueView {
            op: it.op.to_string(),
            value: it.value.clone(),
            judgement,
            by: person(&looking.people, by),
            mine: by == looking.user,
            at_ms: cited.map_or(0, |cited| cited.at.0),
        });
    }
    let standing = looking.stand.at(item, instance.as_deref());
    let misfit = misfit(item, &standing);
    let Standing { asked, required, computed, offered, proposed, .. } = standing;
    let computed = computed.map(|text| {
        let judgement = looking.rules.judge_computed(item, path, &text);
        ComputedView { text, judgement }
    });
    let by_itself = computed.as_ref().and_then(|it| it.judgement.as_ref());
    failed |= asked && by_itself.is_some_and(Judgement::failed);
    let photos = photos_of(looking.doc, path)?;
    let finding = looking.findings.iter().find(|it| it.item.as_deref() == Some(path.as_str()));
    let backed = !photos.is_empty() || finding.is_some_and(|it| !it.photos.is_empty());
    let mut asks = vec![];
    if failed {
        asks.extend(
            finding
                .is_none()
                .then(|| ["note".to_owned(), "severity".to_owned()])
                .into_iter()
                .flatten(),
        );
        asks.extend((!backed).then(|| "photo".to_owned()));
    }
    Ok(AnswerView {
        path: path.to_string(),
        instance,
        asked,
        required,
        misfit,
        offered,
        proposed: proposed.filter(|_| current.is_empty()),
        computed,
        values,
        photos,
        asks,
        finding: finding.map(|it| it.id.clone()),
        last: looking.last.as_ref().and_then(|doc| doc.agreed(path.as_str()).cloned()),
    })
}

/// What is said of an answer that its item does not allow.
fn misfit(item: &Item, standing: &Standing) -> Option<Bilingual> {
    if !standing.fits {
        return item.logic.constraint.as_ref().map(|it| it.text.clone());
    }
    (!standing.is_offered).then(|| Bilingual {
        zh: "按其他答案，此选项已不在可选之列".to_owned(),
        en: "By the other answers this choice is no longer offered".to_owned(),
    })
}

/// Photos that back an answer: of all who answered, united.
pub(super) fn photos_of(doc: &RecordDoc, path: &SlotPath) -> Result<Vec<String>, AppError> {
    let mut photos: Vec<String> = vec![];
    let backing = doc.slots.get(&evidence_path(path)?).map(Vec::as_slice).unwrap_or_default();
    let own = doc.slots.get(path).map(Vec::as_slice).unwrap_or_default();
    for value in backing.iter().chain(own).map(|it| &it.value) {
        let list = match value {
            Value::Map(map) => map.get("photos"),
            other => Some(other),
        };
        let Some(Value::List(list)) = list else { continue };
        for photo in list.iter().filter_map(Value::as_text) {
            if !photos.iter().any(|known| known == photo) {
                photos.push(photo.to_owned());
            }
        }
    }
    Ok(photos)
}

fn missing(sections: &[SectionView]) -> Vec<String> {
    let mut missing = vec![];
    for view in sections.iter().flat_map(|section| &section.items) {
        if view.required {
            missing.push(view.item.code.clone());
        }
        let open = view.answers.iter().filter(|it| it.required && it.values.is_empty());
        missing.extend(open.map(|answer| answer.path.clone()));
    }
    missing
}

fn misfits(sections: &[SectionView]) -> Vec<String> {
    let items = sections.iter().flat_map(|section| &section.items);
    let answers = items.flat_map(|view| &view.answers);
    answers.filter(|it| it.misfit.is_some()).map(|it| it.path.clone()).collect()
}
