//! The server's signing key, in a file of its own.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;

/// Loads the key, making it first when there is none. Devices pin its public half at enrolment: a
/// server that loses the file is a stranger to all of them.
///
/// # Errors
/// When the file is not a key, or cannot be read or made.
pub fn load_or_create(path: &Path) -> anyhow::Result<SigningKey> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text).with_context(|| format!("{}: the server's key", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut seed = [0; 32];
            getrandom::fill(&mut seed).context("the system gives no random bytes")?;
            write_durably(path, HEXLOWER.encode(&seed).as_bytes())
                .with_context(|| format!("cannot keep the server's key in {}", path.display()))?;
            Ok(SigningKey::from_bytes(&seed))
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn parse(text: &str) -> anyhow::Result<SigningKey> {
    let seed = HEXLOWER.decode(text.trim().as_bytes()).ok();
    match seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok()) {
        Some(seed) => Ok(SigningKey::from_bytes(&seed)),
        None => bail!("64 lower-case hex digits are expected; put the right file back from a copy"),
    }
}

/// Writes a small private file so that, whatever stops us, it is there whole or not at all.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("new");
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_kept_privately_and_a_wrong_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("server.key");
        let made = load_or_create(&path).unwrap();
        assert_eq!(load_or_create(&path).unwrap().to_bytes(), made.to_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "not a key").unwrap();
        let refused = format!("{:#}", load_or_create(&path).unwrap_err());
        assert!(refused.contains("server.key") && refused.contains("64"), "{refused}");
    }
}
