//! The checklists and packs of this device for a person to look at, and to publish.

use serde::Serialize;
use spotcheck_checklists::Checklist;
use spotcheck_domain::BlobHash;
use spotcheck_rules::{Bilingual, Pack, Status};
use spotcheck_store::{BlobStore, RecordRow};
use ts_rs::TS;

use crate::door::Person;
use crate::door::check::{ItemView, limit_of};
use crate::door::people::{People, person};
use crate::door::sync::clamp;
use crate::query::text;
use crate::{AppError, Device, Host, Source};

/// A document of the library.
#[derive(Debug, Serialize, TS)]
pub struct LibraryDocument {
    /// `checklist` or `pack`.
    pub kind: String,
    /// What people call it, such as `ENT`.
    pub code: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: Bilingual,
    /// Items of a checklist, limits of a pack.
    pub entries: u32,
    /// Somebody who knows has looked at it; otherwise it is a draft.
    pub reviewed: bool,
    /// New checks use this version.
    pub newest: bool,
    /// Who published it; none for what comes with Spotcheck.
    pub by: Option<Person>,
    /// When it was published, as claimed: ms since 1970 UTC.
    #[ts(type = "number | null")]
    pub at_ms: Option<i64>,
    /// The hash of its bytes: what a check names.
    pub sha256: String,
}

/// The library.
#[derive(Debug, Serialize, TS)]
pub struct LibraryView {
    /// Checklists, then packs, by code, the newest version first.
    pub documents: Vec<LibraryDocument>,
    /// Whether this user publishes.
    pub may_publish: bool,
    /// What was published and only a newer version of Spotcheck can read.
    pub unread: Vec<UnreadDocument>,
}

/// A document that this version cannot read.
#[derive(Debug, Serialize, TS)]
pub struct UnreadDocument {
    /// What people call it, such as `ENT`.
    pub code: String,
    /// Its version.
    pub version: String,
    /// Who published it.
    pub by: Option<Person>,
}

/// A checklist as an inspector meets it, before anything is answered.
#[derive(Debug, Serialize, TS)]
pub struct PreviewView {
    /// What people call it.
    pub code: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: Bilingual,
    /// Its items in their order, each with the limit of today.
    pub items: Vec<ItemView>,
}

impl<H: Host, B: BlobStore> Device<H, B> {
    pub(in crate::door) fn library_view(&self) -> Result<LibraryView, AppError> {
        let people = self.people()?;
        let lists = self.library.checklists().map(|(hash, list, from)| {
            let newest = self.library.checklist(&list.code).is_ok_and(|(it, _)| it == hash);
            document_of_list(list, hash, newest, published(&people, from))
        });
        let packs = self.library.packs().map(|(hash, pack, from)| {
            let newest = self.library.pack(&pack.code).is_ok_and(|(it, _)| it == hash);
            document_of_pack(pack, hash, newest, published(&people, from))
        });
        let mut documents: Vec<LibraryDocument> = lists.chain(packs).collect();
        documents.sort_by(|a, b| {
            let key = |it: &LibraryDocument| (it.kind.clone(), it.code.clone(), !it.newest);
            key(a).cmp(&key(b))
        });
        let unread = self.unread_documents(&people)?;
        Ok(LibraryView { documents, may_publish: self.may_publish()?, unread })
    }

    pub(in crate::door) fn unread_documents(
        &self,
        people: &People,
    ) -> Result<Vec<UnreadDocument>, AppError> {
        let document = |row: &RecordRow| UnreadDocument {
            code: text(&row.doc, "code").to_owned(),
            version: text(&row.doc, "version").to_owned(),
            by: row.doc.created.as_ref().map(|cited| person(people, cited.by)),
        };
        Ok(self.unread_published()?.iter().map(document).collect())
    }

    pub(in crate::door) fn preview(&self, sha256: &str) -> Result<PreviewView, AppError> {
        let hash: BlobHash =
            sha256.parse().map_err(|_| AppError::invalid("sha256", "not a SHA-256 in hex"))?;
        let list = self.library.find_checklist(hash);
        let list = list.ok_or_else(|| {
            AppError::NotFound(format!("no checklist {sha256} on this device: sync"))
        })?;
        let day = self.day_here()?;
        let pack = self.library.pack(&list.pack).ok().map(|(_, pack)| pack);
        let items = list.items.iter().map(|item| ItemView {
            limit: pack.and_then(|pack| limit_of(pack, day, item)),
            required: false,
            item: item.clone(),
            answers: vec![],
        });
        Ok(PreviewView {
            code: list.code.clone(),
            version: list.version.clone(),
            title: list.title.clone(),
            items: items.collect(),
        })
    }

    /// Publishes a file whose bytes were handed in before.
    pub(in crate::door) fn publish_taken(&mut self, sha256: &str) -> Result<String, AppError> {
        let hash: BlobHash =
            sha256.parse().map_err(|_| AppError::invalid("file", "not a SHA-256 in hex"))?;
        let state = self.store.find_blob(hash)?.filter(|state| state.here);
        let bytes = state
            .ok_or_else(|| AppError::NotFound("the file is not on this device".to_owned()))?
            .blob
            .bytes;
        let length = usize::try_from(bytes).unwrap_or(usize::MAX);
        let bytes =
            self.blobs.read(hash, 0, length.min(crate::published::MAX_BYTES as usize + 1))?;
        Ok(self.publish(&bytes)?.sha256.to_string())
    }
}

fn published(people: &People, from: Source) -> (Option<Person>, Option<i64>) {
    match from {
        Source::Shipped => (None, None),
        Source::Published { by, at_ms } => (by.map(|by| person(people, by)), Some(at_ms)),
    }
}

fn document_of_list(
    list: &Checklist,
    hash: BlobHash,
    newest: bool,
    (by, at_ms): (Option<Person>, Option<i64>),
) -> LibraryDocument {
    LibraryDocument {
        kind: "checklist".to_owned(),
        code: list.code.clone(),
        version: list.version.clone(),
        title: list.title.clone(),
        entries: clamp(list.items.len() as u64),
        reviewed: list.status == Some(Status::Reviewed),
        newest,
        by,
        at_ms,
        sha256: hash.to_string(),
    }
}

fn document_of_pack(
    pack: &Pack,
    hash: BlobHash,
    newest: bool,
    (by, at_ms): (Option<Person>, Option<i64>),
) -> LibraryDocument {
    LibraryDocument {
        kind: "pack".to_owned(),
        code: pack.code.clone(),
        version: pack.version.clone(),
        title: pack.title.clone(),
        entries: clamp(pack.limits.len() as u64),
        reviewed: pack.status == Status::Reviewed,
        newest,
        by,
        at_ms,
        sha256: hash.to_string(),
    }
}
