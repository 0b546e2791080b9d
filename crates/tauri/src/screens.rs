//! The screens: a folder of one build, beside the program. A phone has them in the program itself
//! (`tauri.android.conf.json` names the folder they are built in from).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tauri::Assets;
use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};

/// A larger build is none of ours.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The files of a build by path, such as `/index.html`, read once.
pub(crate) struct Folder {
    files: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    /// The screens where they are: `SPOTCHECK_WEB`, as for the server; else where a package puts
    /// them; else where a build of this tree does.
    pub(crate) fn find() -> Option<Self> {
        let program = std::env::current_exe().ok();
        let beside = |way: &str| program.as_deref().and_then(Path::parent).map(|it| it.join(way));
        let named = std::env::var_os("SPOTCHECK_WEB").map(PathBuf::from);
        let known = [named, beside("../lib/Spotcheck/web"), beside("../web")];
        let folder = known.into_iter().flatten().find(|it| it.join("index.html").is_file())?;
        let (mut files, mut left) = (BTreeMap::new(), MAX_BYTES);
        collect(&folder, "", &mut files, &mut left).ok()?;
        Some(Self { files })
    }
}

fn collect(
    folder: &Path,
    under: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
    left: &mut u64,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let path = format!("{under}/{name}");
        let kind = entry.file_type()?;
        // The server's compressed copies and the browser's core are of no use here.
        let other = [".br", ".gz", ".wasm", ".map"].iter().any(|end| name.ends_with(end));
        if kind.is_dir() {
            collect(&entry.path(), &path, files, left)?;
        } else if kind.is_file() && !other {
            *left = left.saturating_sub(entry.metadata()?.len());
            if *left == 0 {
                return Err(std::io::ErrorKind::FileTooLarge.into());
            }
            files.insert(path, std::fs::read(entry.path())?);
        }
    }
    Ok(())
}

impl<R: tauri::Runtime> Assets<R> for Folder {
    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        self.files.get(key.as_ref()).map(|bytes| Cow::Borrowed(bytes.as_slice()))
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        let files = self.files.iter();
        Box::new(
            files.map(|(path, bytes)| {
                (Cow::Borrowed(path.as_str()), Cow::Borrowed(bytes.as_slice()))
            }),
        )
    }

    /// None: the build leaves no script and no style in the page.
    fn csp_hashes(&self, _page: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}
