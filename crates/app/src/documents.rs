//! Documents that the server publishes, the pages of registers, and whether bytes are still whole.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use spotcheck_domain::op::BlobRef;
use spotcheck_domain::{BlobHash, LogId, RecordId};
use spotcheck_protocol::keys::ALG;
use spotcheck_store::{BlobError, BlobStore, SiteRow};

use crate::inspection::slot_path;
use crate::{AppError, Device, Host};

/// Larger documents are fetched when a person opens them, not by a round.
const MAX_DOCUMENT_BYTES: u64 = 16 * 1024 * 1024;
/// Records looked through for registers: anybody's op may be of the kind.
const REGISTERS: usize = 10_000;
/// What a register is called that was published before they had codes.
const UNNAMED: &str = "sites";
/// The fact that says of which pages the register consists.
const SETTLED: &str = "registers_settled";
/// Read and hashed at a time.
const PIECE_BYTES: usize = 1024 * 1024;

impl<H: Host, B: BlobStore> Device<H, B> {
    /// A page of a register that this device has not, or a checklist or pack that was published.
    pub(crate) fn wanted_document(
        &self,
        passed_over: &BTreeSet<BlobHash>,
    ) -> Result<Option<BlobRef>, AppError> {
        for blob in self.register_pages()? {
            if !passed_over.contains(&blob.sha256) && !self.is_here(blob)? {
                return Ok(Some(blob));
            }
        }
        self.wanted_published(passed_over)
    }

    /// The pages that the registers consist of now. Only what the server itself published counts:
    /// anybody's op may be of the kind, and would have every device ask for what is nowhere.
    fn register_pages(&self) -> Result<Vec<BlobRef>, AppError> {
        // By the register's code: a restored server may have begun its record anew.
        let mut latest: BTreeMap<String, (u64, Vec<BlobRef>)> = BTreeMap::new();
        let Some(identity) = self.store.identity() else { return Ok(vec![]) };
        let Ok(key) = identity.server_key.parse::<BlobHash>() else { return Ok(vec![]) };
        let servers = LogId::of_key(ALG, &key.0);
        for register in self.store.list_records("register", None, REGISTERS)? {
            let ops = self.store.ops_of(register.record)?;
            let own = ops.iter().filter(|row| row.op.header.log == servers);
            // The latest word on a register replaces those before it.
            let Some(last) = own.max_by_key(|row| row.op.header.seq) else { continue };
            let Ok(data) = last.op.data() else { continue };
            let code = slot_path("code").ok().and_then(|path| data.set.get(&path)?.as_text());
            let code = code.unwrap_or(UNNAMED).to_owned();
            let seq = last.op.header.seq;
            if latest.get(&code).is_none_or(|(known, _)| *known < seq) {
                latest.insert(code, (seq, data.blobs));
            }
        }
        let pages = latest.into_values().flat_map(|(_, blobs)| blobs);
        Ok(pages.filter(|blob| blob.bytes <= MAX_DOCUMENT_BYTES).collect())
    }

    fn is_here(&self, blob: BlobRef) -> Result<bool, AppError> {
        Ok(self.store.find_blob(blob.sha256)?.is_some_and(|state| state.here))
    }

    /// Once every page is here: what is on none of them leaves the register. Done once for the same
    /// pages, and again after an interruption.
    pub(crate) fn settle_registers(&mut self) -> Result<(), AppError> {
        let pages = self.register_pages()?;
        let mut all = Sha256::new();
        pages.iter().for_each(|page| all.update(page.sha256.0));
        let all = BlobHash(all.finalize().into()).to_string();
        if pages.is_empty() || self.store.fact(SETTLED)?.is_some_and(|known| known == all) {
            return Ok(());
        }
        for page in &pages {
            if !self.is_here(*page)? {
                return Ok(());
            }
        }
        let mut listed = BTreeSet::new();
        for page in pages {
            let length = usize::try_from(page.bytes).unwrap_or(usize::MAX);
            // A page that is gone, has rotted, or that this version cannot read may list anything: then
            // nothing leaves.
            let read = self.blobs.read(page.sha256, 0, length);
            let whole = read.ok().filter(|bytes| BlobHash::of(bytes) == page.sha256);
            let sites = whole.and_then(|bytes| serde_json::from_slice::<Vec<SiteRow>>(&bytes).ok());
            let Some(sites) = sites else { return Ok(()) };
            // Again also where all is here: the same page may have been part of an older register, and
            // its sites have left since.
            self.store.put_sites(&sites)?;
            listed.extend(sites.into_iter().map(|site| site.code.to_lowercase()));
        }
        self.store.keep_sites(&listed)?;
        Ok(self.store.set_fact(SETTLED, &all)?)
    }

    /// Keeps a fetched document and takes in its sites, or takes up the checklist or pack that it is.
    /// `false` when it is not what was asked for.
    pub(crate) fn take_document(&mut self, blob: BlobRef, bytes: &[u8]) -> Result<bool, AppError> {
        if BlobHash::of(bytes) != blob.sha256 {
            return Ok(false);
        }
        // A page this version cannot read is kept for one that can; what anybody else published is none.
        if self.register_pages()?.contains(&blob)
            && let Ok(sites) = serde_json::from_slice::<Vec<SiteRow>>(bytes)
        {
            self.store.put_sites(&sites)?;
        }
        self.blobs.put(&mut &*bytes)?;
        self.store.note_blob(blob, false)?;
        self.settle_registers()?;
        self.load_published()?;
        Ok(true)
    }

    /// Whether a photo's or document's bytes are all here and still what their hash says. A disk may
    /// rot, and a person may tidy up.
    ///
    /// # Errors
    /// When the database that holds the bytes fails; a file that cannot be read is not whole.
    pub(crate) fn holds_whole(&self, blob: BlobRef) -> Result<bool, AppError> {
        let mut hash = Sha256::new();
        let mut read = 0;
        loop {
            match self.blobs.read(blob.sha256, read, PIECE_BYTES) {
                Ok(piece) if piece.is_empty() => break,
                Ok(piece) => {
                    read += piece.len() as u64;
                    hash.update(&piece);
                }
                Err(BlobError::Missing(_) | BlobError::Io(_)) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
            if read > blob.bytes {
                return Ok(false);
            }
        }
        Ok(<[u8; 32]>::from(hash.finalize()) == blob.sha256.0)
    }

    /// The records of which an op recorded here names a photo or document, with their kinds.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records_with(&self, blob: BlobHash) -> Result<Vec<(RecordId, String)>, AppError> {
        Ok(self.store.records_naming(blob)?)
    }
}
