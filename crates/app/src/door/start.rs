//! What a check can be started with, and what is likely.

use serde::Serialize;
use spotcheck_rules::Bilingual;
use spotcheck_store::BlobStore;
use ts_rs::TS;

use super::check::list_of;
use super::people::People;
use super::sync::clamp;
use super::{Person, SiteView, UnreadDocument};
use crate::inspection::VISITS;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Checks looked through for what is likely.
const LOOKED_THROUGH: usize = 100;

/// What a check can be started with.
#[derive(Debug, Serialize, TS)]
pub struct StartOptions {
    /// Checklists and packs that only a newer version of Spotcheck can read.
    pub unread: Vec<UnreadDocument>,
    /// The site, where it is chosen.
    pub site: Option<SiteView>,
    /// Checklists, the likely one for the site first.
    pub checklists: Vec<ChecklistBrief>,
    /// Visit types.
    pub visits: Vec<String>,
    /// Colleagues of the workspace but oneself; those of the last check first.
    pub colleagues: Vec<Person>,
    /// Oneself.
    pub me: Person,
    /// Whose the check can be, the home team first: one where there is nothing to choose.
    pub scopes: Vec<ScopeBrief>,
    /// Programmes of earlier checks on this device, the latest first.
    pub programmes: Vec<String>,
    /// What the last own check had.
    pub suggested: Suggested,
}

/// A team, or a scope that several bodies share.
#[derive(Debug, Serialize, TS)]
pub struct ScopeBrief {
    /// Unique in the workspace.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
}

/// A checklist to choose.
#[derive(Debug, Serialize, TS)]
pub struct ChecklistBrief {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: String,
    /// What people read.
    pub title: Bilingual,
    /// How many items.
    pub items: u32,
}

/// What the last own check had, to be taken over or changed.
#[derive(Debug, Default, Serialize, TS)]
pub struct Suggested {
    /// The visit type.
    pub visit: String,
    /// Programme codes.
    pub programmes: Vec<String>,
    /// User codes of the inspectors, oneself among them.
    pub inspectors: Vec<String>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(super) fn start_options(&self, site: Option<&str>) -> Result<StartOptions, AppError> {
        let people = self.people()?;
        let me = self.identity()?;
        let site = site.map(|code| self.site_view(code)).transpose()?;
        let mut suggested = Suggested {
            visit: "surprise".to_owned(),
            inspectors: vec![me.user_code.clone()],
            ..Suggested::default()
        };
        let mut programmes: Vec<String> = vec![];
        let mut first = true;
        for row in self.store.list_records("inspection", None, LOOKED_THROUGH)? {
            for code in list_of(&row.doc, "programmes") {
                if !programmes.contains(&code) {
                    programmes.push(code);
                }
            }
            if std::mem::take(&mut first) && self.is_own(&row)? {
                let inspectors = list_of(&row.doc, "inspectors");
                suggested.visit = text(&row.doc, "visit").to_owned();
                suggested.programmes = list_of(&row.doc, "programmes");
                if inspectors.contains(&me.user_code) {
                    suggested.inspectors = inspectors;
                }
            }
        }
        let likely = likely_checklists(site.as_ref().map_or("", |it| it.kind.as_str()));
        let mut checklists = self
            .library
            .newest()
            .map(|list| ChecklistBrief {
                code: list.code.clone(),
                version: list.version.clone(),
                title: list.title.clone(),
                items: clamp(list.items.len() as u64),
            })
            .collect::<Vec<_>>();
        checklists.sort_by_key(|list| {
            likely.iter().position(|code| *code == list.code).unwrap_or(likely.len())
        });
        let (me, colleagues) = split(&people, &me.user_code, &suggested.inspectors);
        let scopes = self.open_scopes()?.into_iter();
        let scopes = scopes.map(|it| ScopeBrief { code: it.code, zh: it.zh, en: it.en }).collect();
        Ok(StartOptions {
            unread: self.unread_documents(&people)?,
            site,
            checklists,
            visits: VISITS.map(str::to_owned).to_vec(),
            colleagues,
            me,
            scopes,
            programmes,
            suggested,
        })
    }
}

/// The checklists that fit a kind of site, the likeliest first; a person may choose any other.
fn likely_checklists(kind: &str) -> &'static [&'static str] {
    match kind {
        "bus_stop" | "route_stop" | "stop" | "bus_route" | "route" | "vehicle" | "station"
        | "key_station" | "metro_station" | "bus_company" => &["BUS", "ENT", "DEP", "UNIT"],
        "depot" | "fleet" | "workshop" => &["DEP", "BUS", "UNIT", "DIS"],
        "cold_store" | "cold_room" | "room" | "warehouse" => &["CCS", "LED", "DIS"],
        "street_market" => &["STM", "ENT", "LED", "DIS"],
        "community" | "building" => &["COM", "ENT"],
        "port" | "port_zone" => &["PRT", "DIS", "QUA"],
        "airport" => &["AIR", "ENT", "DIS"],
        "canteen" => &["KIT", "UNIT"],
        "quarantine_point" => &["QUA", "DIS"],
        "dormitory" | "office" => &["UNIT", "ENT"],
        _ => &["ENT", "LED", "DIS", "CCS"],
    }
}

/// Oneself, and those who carry out inspections: the likely ones first, then by code.
fn split(people: &People, me: &str, likely: &[String]) -> (Person, Vec<Person>) {
    let own = people.values().find(|it| it.code == me).cloned();
    let own = own.unwrap_or_else(|| Person {
        code: me.to_owned(),
        zh: me.to_owned(),
        en: me.to_owned(),
        role: String::new(),
    });
    let fit = |it: &&Person| it.code != me && matches!(it.role.as_str(), "inspector" | "lead");
    let mut colleagues: Vec<Person> = people.values().filter(fit).cloned().collect();
    colleagues.sort_by_key(|it| (!likely.contains(&it.code), it.code.clone()));
    (own, colleagues)
}
