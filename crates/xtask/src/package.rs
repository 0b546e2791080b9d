//! `cargo xtask package`: the app of the desktop as Debian installs it, and a look into what was made.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::browser::{self, packages, target};
use crate::failure::Failure;
use crate::say;
use crate::screens::{self, NOT_FOR_AN_APP};
use crate::setup::need;
use crate::steps::{Parts, run_command};
use crate::window::BUILD;
use crate::workspace::program;

/// Where the app is.
const APP: &str = "crates/tauri";

/// What an installed app is made of.
const HOLDS: &[&str] = &[
    "usr/bin/spotcheck-app",
    "usr/lib/Spotcheck/web/index.html",
    "usr/lib/Spotcheck/web/first.js",
    "usr/share/applications/Spotcheck.desktop",
    "usr/share/icons/hicolor/128x128/apps/spotcheck-app.png",
];

/// Everything is below these.
const PLACES: &[&str] = &[
    "usr/bin/spotcheck-app",
    "usr/lib/Spotcheck/web/",
    "usr/share/applications/",
    "usr/share/icons/hicolor/",
];

/// `cargo xtask package`.
pub(crate) fn command(args: &[String]) -> Result<(), Failure> {
    if !args.is_empty() {
        return Err(Failure::usage("package takes no argument"));
    }
    need(BUILD)?;
    let mut parts = Parts::begin("package");
    let made = make(&mut parts);
    parts.summarise();
    say::line(format_args!("the package is {}", made?.display()));
    Ok(())
}

fn make(parts: &mut Parts) -> Result<PathBuf, Failure> {
    let built = browser::web_app(parts)?;
    let web = target()?.join("package/web");
    parts.part("copy", || screens::copy(&built, &web))?;
    parts.part("packager", || packages(APP))?;
    let begun = SystemTime::now();
    parts.part("app", || {
        let mut npm = program("npm");
        npm.args(["exec", "--prefix", APP, "--", "tauri", "build", "--bundles", "deb", "--config"]);
        // The folder follows whatever target folder the user has.
        npm.arg(format!(r#"{{"bundle":{{"resources":{{"{}/":"web/"}}}}}}"#, web.display()));
        npm.env("CARGO_TARGET_DIR", target()?);
        run_command(npm, "the packager says above what it could not do")
    })?;
    let package = newest(&target()?.join("release/bundle/deb"), begun)?;
    parts.part("contents", || look_into(&package))?;
    Ok(package)
}

/// The package that was made since; one of an earlier version may lie beside it.
fn newest(folder: &Path, since: SystemTime) -> Result<PathBuf, Failure> {
    let made = |path: &PathBuf| {
        let at = fs::metadata(path).and_then(|it| it.modified()).ok()?;
        (path.extension()? == "deb" && at >= since).then_some(at)
    };
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let packages = entries.map(|entry| entry.path()).filter_map(|it| Some((made(&it)?, it)));
    let newest = packages.max().map(|(_, path)| path);
    newest.ok_or_else(|| Failure::failed(format!("no package was made in {}", folder.display())))
}

fn look_into(package: &Path) -> Result<(), Failure> {
    let listed = program("dpkg-deb").arg("--fsys-tarfile").arg(package).output();
    let listed = listed.map_err(|e| Failure::not_started("dpkg-deb", &e))?;
    let names = names(&listed.stdout);
    let faults = faults(&names);
    faults.iter().for_each(|fault| say::line(format_args!("    {fault}")));
    if !faults.is_empty() {
        return Err(Failure::failed("the package is not as it should be; see above"));
    }
    say::line(format_args!("    {} files, each where it belongs", names.len()));
    Ok(())
}

/// The files of a tar, without their folders: name and kind are in each head of 512 bytes.
fn names(tar: &[u8]) -> Vec<String> {
    const BLOCK: usize = 512;
    let text = |bytes: &[u8]| {
        let end = bytes.iter().position(|it| *it == 0).unwrap_or(bytes.len());
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    };
    let (mut found, mut at, mut long) = (Vec::new(), 0, None);
    while let Some(head) = tar.get(at..at + BLOCK).filter(|it| it[0] != 0) {
        let octal = text(&head[124..136]);
        let size = usize::from_str_radix(octal.trim(), 8).unwrap_or(0);
        let name = long.take().unwrap_or_else(|| {
            // POSIX splits what is longer than a hundred letters.
            let (name, front) = (text(&head[..100]), text(&head[345..500]));
            if head[257..263] == *b"ustar\0" && !front.is_empty() {
                format!("{front}/{name}")
            } else {
                name
            }
        });
        let body = tar.get(at + BLOCK..at + BLOCK + size).unwrap_or_default();
        match head[156] {
            // GNU puts it into a file of its own, before the file it is the name of.
            b'L' => long = Some(text(body)),
            b'0' | 0 => found.push(name.trim_start_matches("./").to_owned()),
            _ => {}
        }
        at += BLOCK + size.next_multiple_of(BLOCK);
    }
    found
}

fn faults(names: &[String]) -> Vec<String> {
    let missing = HOLDS.iter().filter(|it| !names.iter().any(|name| name == *it));
    let mut faults: Vec<_> = missing.map(|it| format!("missing: {it}")).collect();
    let of_a_script = |name: &&String| name.contains("/_app/") && name.ends_with(".js");
    if !names.iter().any(|name| of_a_script(&name)) {
        faults.push("missing: the scripts of the screens".to_owned());
    }
    for name in names {
        let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
        if !PLACES.iter().any(|place| name.starts_with(place)) {
            faults.push(format!("nothing of ours belongs there: {name}"));
        } else if NOT_FOR_AN_APP.contains(&kind) {
            faults.push(format!("of no use in the app: {name}"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Vec<String> {
        let script = "usr/lib/Spotcheck/web/_app/start.js";
        HOLDS.iter().copied().chain([script]).map(str::to_owned).collect()
    }

    #[test]
    fn a_package_is_whole_and_holds_nothing_else() {
        assert_eq!(faults(&whole()), [""; 0]);
        let mut one = whole();
        one.remove(0);
        assert_eq!(faults(&one), ["missing: usr/bin/spotcheck-app"]);
        let mut no_script = whole();
        no_script.pop();
        assert_eq!(faults(&no_script), ["missing: the scripts of the screens"]);
        for more in ["etc/cron.d/spotcheck", "usr/lib/Spotcheck/web/_app/core.wasm"] {
            let mut names = whole();
            names.push(more.to_owned());
            assert_eq!(faults(&names).len(), 1, "{more}");
        }
    }

    #[test]
    fn names_are_read_from_a_tar_as_the_system_writes_it() {
        let folder = std::env::temp_dir().join(format!("spotcheck-tar-{}", std::process::id()));
        let deep = format!("{}/{}.js", "long".repeat(20), "name".repeat(20));
        for name in ["a.txt", &deep] {
            screens::write(&folder.join("usr").join(name), &[b'x'; 700]).unwrap();
        }
        let mut tar = program("tar");
        tar.args(["--create", "--file=-", "--sort=name", "--directory"]).arg(&folder);
        let made = tar.arg("./usr").output().unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(names(&made.stdout), ["usr/a.txt".to_owned(), format!("usr/{deep}")]);
    }
}
