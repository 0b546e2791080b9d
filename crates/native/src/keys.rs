//! Signing keys as files: `keys/PUBLIC.key`, readable by their owner alone.
//!
//! The first line is the secret. A key made for an enrolment has a second one, which names the link
//! by hash: when the reply was lost, the same link finds the same key, and the server, which knows
//! it by then, answers again.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use spotcheck_app::parts::Signer;
use spotcheck_domain::BlobHash;

use crate::durable;

/// The keys of a device.
#[derive(Debug)]
pub(crate) struct KeyFolder {
    root: PathBuf,
    keys: BTreeMap<[u8; 32], SigningKey>,
    /// Keys by the link they were made for.
    made_for: BTreeMap<String, [u8; 32]>,
}

impl KeyFolder {
    /// Opens or creates the folder.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        durable::make_folder(root)?;
        durable::sweep(root)?;
        let mut folder =
            Self { root: root.to_owned(), keys: BTreeMap::new(), made_for: BTreeMap::new() };
        for entry in fs::read_dir(root)? {
            let path = entry?.path();
            if path.extension().is_some_and(|kind| kind == "key") {
                folder.take(&path)?;
            }
        }
        Ok(folder)
    }

    fn take(&mut self, path: &Path) -> io::Result<()> {
        let text = fs::read_to_string(path)?;
        let mut lines = text.lines();
        let secret: Option<BlobHash> = lines.next().and_then(|line| line.parse().ok());
        let key = secret.map(|secret| SigningKey::from_bytes(&secret.0));
        // A damaged file must not become another key: its name says which one it was. Without its
        // key a device still records; only sending says that the key is gone.
        let named = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(key) = key.filter(|key| BlobHash(key.public_key()).to_string() == named) else {
            return Ok(());
        };
        if let Some(link) = lines.next() {
            self.made_for.insert(link.to_owned(), key.public_key());
        }
        self.keys.insert(key.public_key(), key);
        Ok(())
    }

    /// A fresh key, durable when it returns; for a link, the one made for it before.
    pub(crate) fn make(&mut self, secret: [u8; 32], link: Option<&str>) -> io::Result<[u8; 32]> {
        if let Some(known) = link.and_then(|link| self.made_for.get(link)) {
            return Ok(*known);
        }
        let key = SigningKey::from_bytes(&secret);
        let public = key.public_key();
        let (unfinished, mut file) = durable::create_unfinished(&self.root)?;
        writeln!(file, "{}", BlobHash(secret))?;
        if let Some(link) = link {
            writeln!(file, "{link}")?;
            self.made_for.insert(link.to_owned(), public);
        }
        let name = self.root.join(format!("{}.key", BlobHash(public)));
        durable::finish(&file, &unfinished, &name)?;
        self.keys.insert(public, key);
        Ok(public)
    }

    /// The signer of a public key.
    pub(crate) fn find(&self, public: &[u8; 32]) -> Option<&SigningKey> {
        self.keys.get(public)
    }
}
