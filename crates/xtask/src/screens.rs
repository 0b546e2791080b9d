//! The screens as an app has them: a build of them for browsers, without what only browsers need.

use std::fs;
use std::path::Path;

use crate::failure::Failure;

/// What the server hands out compressed, and the core that a browser needs: an app has its own.
pub(crate) const NOT_FOR_AN_APP: &[&str] = &["br", "gz", "wasm", "map"];

/// Makes a folder hold the screens, and nothing that was in it before.
pub(crate) fn copy(built: &Path, folder: &Path) -> Result<(), Failure> {
    // What an earlier build left would be built in too.
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| file(folder, &e))?;
    }
    copy_below(built, folder)
}

fn copy_below(from: &Path, to: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from).map_err(|e| file(from, &e))? {
        let path = entry.map_err(|e| file(from, &e))?.path();
        let Some(name) = path.file_name() else { continue };
        let kind = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        if path.is_dir() {
            copy_below(&path, &to.join(name))?;
        } else if !NOT_FOR_AN_APP.contains(&kind) {
            write(&to.join(name), &fs::read(&path).map_err(|e| file(&path, &e))?)?;
        }
    }
    Ok(())
}

/// Writes a file, and the folders above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| file(folder, &e))?;
    fs::write(path, bytes).map_err(|e| file(path, &e))
}

fn file(path: &Path, why: &std::io::Error) -> Failure {
    Failure::failed(format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_gets_the_screens_without_copies_and_the_browser_s_core() {
        let folder = std::env::temp_dir().join(format!("spotcheck-screens-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        for name in ["index.html", "index.html.br", "_app/a.js", "_app/a.js.gz", "_app/core.wasm"] {
            write(&from.join(name), b"x").unwrap();
        }
        write(&to.join("of-yesterday.js"), b"x").unwrap();
        copy(&from, &to).unwrap();
        let there = |name: &str| to.join(name).is_file();
        assert!(there("index.html") && there("_app/a.js"));
        assert!(!there("index.html.br") && !there("_app/a.js.gz") && !there("_app/core.wasm"));
        assert!(!there("of-yesterday.js"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
