//! Checklists and rule packs that a lead published: documents that travel like photos, named by ops.

use spotcheck_checklists::Checklist;
use spotcheck_domain::op::{BlobRef, OpData, kind};
use spotcheck_domain::{BlobHash, UserId, Value};
use spotcheck_rules::Pack;
use spotcheck_store::{BlobStore, Draft, RecordRow};

use crate::inspection::slot_path;
use crate::library::Source;
use crate::query::text;
use crate::{AppError, Device, Host};

/// Larger ones are no checklists: 10,000 items take less.
pub(crate) const MAX_BYTES: u64 = 8 * 1024 * 1024;
/// Documents of each kind looked through, the newest first.
const DOCUMENTS: usize = 10_000;
/// Who publishes.
const PUBLISHERS: [&str; 3] = ["lead", "reviewer", "administrator"];
/// The kinds of records that publish.
pub(crate) const KINDS: [&str; 2] = ["checklist", "pack"];

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Published {
    /// `checklist` or `pack`.
    pub kind: &'static str,
    /// What people call it, such as `ENT`.
    pub code: String,
    /// Its version.
    pub version: String,
    /// The hash of its bytes: what an inspection names.
    pub sha256: BlobHash,
}

/// A document that was read and may be published.
enum Document {
    Checklist(Checklist),
    Pack(Pack),
}

impl<H: Host, B: BlobStore> Device<H, B> {
    /// Publishes a checklist or a rule pack, in JSON, to everybody who sees this user's work. It is
    /// used on this device at once, on others as soon as a round brings it; inspections keep the
    /// version they were begun with until their inspector moves them. Published again, the same bytes change nothing.
    ///
    /// # Errors
    /// When this user does not lead, the bytes are neither, its pack is not here, or its version is
    /// not above the newest here.
    pub fn publish(&mut self, bytes: &[u8]) -> Result<Published, AppError> {
        if !self.may_publish()? {
            let remedy = "only a lead, reviewer or administrator publishes; ask yours";
            return Err(AppError::ReadOnly(remedy.to_owned()));
        }
        if bytes.len() as u64 > MAX_BYTES {
            return Err(AppError::invalid("file", "larger than 8 MiB: make it smaller"));
        }
        let document = Document::read(bytes)?;
        let mut published = document.named(BlobHash::of(bytes));
        if self.library.knows(published.sha256) {
            return Ok(published);
        }
        self.check_version(&published)?;
        if let Document::Checklist(list) = &document {
            let (_, pack) = self.library.pack(&list.pack).map_err(|_| {
                let remedy =
                    format!("{:?} is not on this device: publish that pack first", list.pack);
                AppError::invalid("pack", remedy)
            })?;
            list.check_against(pack).map_err(|error| AppError::invalid("limit", error))?;
        }
        let blob = self.blobs.put(&mut &*bytes)?;
        self.store.note_blob(blob, true)?;
        published.sha256 = blob.sha256;
        let set = [
            ("code", published.code.as_str().into()),
            ("version", published.version.as_str().into()),
            ("sha256", blob.sha256.to_string().into()),
        ];
        let set = set.into_iter().map(|(path, value): (_, Value)| Ok((slot_path(path)?, value)));
        let set = set.collect::<Result<_, AppError>>()?;
        let kind = match document {
            Document::Checklist(_) => kind::CHECKLIST_PUBLISHED,
            Document::Pack(_) => kind::PACK_PUBLISHED,
        };
        let data = OpData { set, blobs: vec![blob], ..OpData::default() };
        let scope = self.identity()?.home_scope;
        let draft = Draft { record: None, scope, kind: kind.to_owned(), data };
        let (at, seed) = (self.now()?, self.fresh());
        self.store.record(&draft, at, seed)?;
        self.load_published()?;
        Ok(published)
    }

    /// Whether this device's user publishes.
    pub(crate) fn may_publish(&self) -> Result<bool, AppError> {
        Ok(PUBLISHERS.contains(&self.identity()?.role.as_str()))
    }

    /// Takes up what was published and is here. What this version cannot read waits for one that can.
    pub(crate) fn load_published(&mut self) -> Result<(), AppError> {
        let mut added = false;
        for (row, blob) in self.not_taken_up()? {
            if !self.store.find_blob(blob.sha256)?.is_some_and(|state| state.here) {
                continue;
            }
            let length = usize::try_from(blob.bytes).unwrap_or(usize::MAX);
            let bytes = self.blobs.read(blob.sha256, 0, length)?;
            if BlobHash::of(&bytes) != blob.sha256 {
                continue;
            }
            let source = Source::Published { by: row_author(&row), at_ms: row.at_ms };
            added |= match Document::read(&bytes) {
                Ok(Document::Checklist(list)) => {
                    self.library.add_checklist(blob.sha256, list, source)
                }
                Ok(Document::Pack(pack)) => self.library.add_pack(blob.sha256, pack, source),
                Err(_) => false,
            };
        }
        if added {
            // How far a check is was computed without its checklist.
            self.store.forget_briefs()?;
        }
        Ok(())
    }

    /// A published document whose bytes are not here.
    pub(crate) fn wanted_published(
        &self,
        passed_over: &std::collections::BTreeSet<BlobHash>,
    ) -> Result<Option<BlobRef>, AppError> {
        for (_, blob) in self.not_taken_up()? {
            let here = self.store.find_blob(blob.sha256)?.is_some_and(|state| state.here);
            if !here && !passed_over.contains(&blob.sha256) {
                return Ok(Some(blob));
            }
        }
        Ok(None)
    }

    /// What is here and this version cannot read: a newer one can. Its record, and what it calls itself.
    pub(crate) fn unread_published(&self) -> Result<Vec<RecordRow>, AppError> {
        let mut unread = vec![];
        for (row, blob) in self.not_taken_up()? {
            if self.store.find_blob(blob.sha256)?.is_some_and(|state| state.here) {
                unread.push(row);
            }
        }
        Ok(unread)
    }

    /// What somebody published who may, and the library has not. Anybody's op may be of the kind; it
    /// then counts for nothing. Asked before each request of a round: where all is taken up, nobody's
    /// role is looked at.
    fn not_taken_up(&self) -> Result<Vec<(RecordRow, BlobRef)>, AppError> {
        let mut documents = vec![];
        if self.store.identity().is_none() {
            return Ok(documents);
        }
        let mut rows = vec![];
        for kind in KINDS {
            for row in self.store.list_records(kind, None, DOCUMENTS)? {
                let named: Option<BlobHash> = text(&row.doc, "sha256").parse().ok();
                rows.extend(named.filter(|named| !self.library.knows(*named)).map(|it| (row, it)));
            }
        }
        if rows.is_empty() {
            return Ok(documents);
        }
        let people = self.people()?;
        let may = |by: UserId| {
            people.get(&by).is_some_and(|person| PUBLISHERS.contains(&person.role.as_str()))
        };
        for (row, named) in rows {
            let Some(by) = row_author(&row).filter(|by| may(*by)) else { continue };
            for op in self.store.ops_of(row.record)? {
                let data = op.op.data().unwrap_or_default();
                let own = op.op.header.by == by;
                let blob = data.blobs.into_iter().find(|blob| blob.sha256 == named);
                if let Some(blob) = blob.filter(|blob| own && blob.bytes <= MAX_BYTES) {
                    documents.push((row.clone(), blob));
                }
            }
        }
        Ok(documents)
    }

    fn check_version(&self, published: &Published) -> Result<(), AppError> {
        let newest = match published.kind {
            "checklist" => self.library.checklist(&published.code).ok().map(|(_, it)| &it.version),
            _ => self.library.pack(&published.code).ok().map(|(_, it)| &it.version),
        };
        match newest {
            Some(newest) if !crate::library::is_newer(&published.version, newest) => {
                let code = &published.code;
                let remedy = format!("{code} is at version {newest} here: give it a higher one");
                Err(AppError::invalid("version", remedy))
            }
            _ => Ok(()),
        }
    }
}

impl Document {
    fn read(bytes: &[u8]) -> Result<Self, AppError> {
        // A pack has limits, a checklist items: the fault that is told is that of what it is.
        let limits = serde_json::from_slice::<serde_json::Value>(bytes)
            .is_ok_and(|json| json.get("limits").is_some());
        if limits {
            Pack::parse(bytes).map(Self::Pack).map_err(|e| AppError::invalid("pack", e))
        } else {
            Checklist::parse(bytes)
                .map(Self::Checklist)
                .map_err(|e| AppError::invalid("checklist", e))
        }
    }

    fn named(&self, sha256: BlobHash) -> Published {
        let (kind, code, version) = match self {
            Self::Checklist(list) => ("checklist", &list.code, &list.version),
            Self::Pack(pack) => ("pack", &pack.code, &pack.version),
        };
        Published { kind, code: code.clone(), version: version.clone(), sha256 }
    }
}

fn row_author(row: &RecordRow) -> Option<UserId> {
    row.doc.created.as_ref().map(|cited| cited.by)
}
