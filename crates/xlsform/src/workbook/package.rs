//! An `.xlsx` is a zip of XML parts. This makes a plain one of it within limits.
//!
//! What a directory says of itself may be a lie, so it is judged twice: once before anything is
//! unpacked, and once while unpacking, which never goes beyond what was said.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::limited::too_large;
use crate::Limits;
use crate::problem::{Code, Place, Problem, Stop};

/// The same workbook with its XML parts alone, none of them compressed.
pub(super) fn plain(bytes: &[u8]) -> Result<Vec<u8>, Stop> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > Limits::PARTS {
        return Err(too_large(Place::file(), Limits::PARTS, ("个部件", "parts in the file")));
    }
    let mut wanted = Vec::new();
    let mut said_bytes = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|_| damaged())?;
        if part.encrypted() {
            return Err(encrypted());
        }
        // Pictures, macros and fonts are never unpacked.
        let name = part.name().map_err(|_| damaged())?;
        if name.ends_with(".xml") || name.ends_with(".rels") {
            said_bytes = said_bytes.saturating_add(part.size());
            wanted.push((index, name.into_owned(), part.size()));
        }
    }
    if said_bytes > Limits::UNPACKED_BYTES {
        return Err(unpacks_too_far());
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut entries = 0;
    for (index, name, size) in wanted {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        let mut unpacked = Vec::new();
        part.take(size.saturating_add(1)).read_to_end(&mut unpacked).map_err(|_| damaged())?;
        if unpacked.len() as u64 > size {
            return Err(unpacks_too_far());
        }
        entries += entries_in(&unpacked);
        if entries > Limits::CELLS {
            return Err(too_large(
                Place::file(),
                Limits::CELLS,
                ("个共享文字和样式", "shared texts and styles"),
            ));
        }
        writer.start_file(name, stored).map_err(|_| damaged())?;
        writer.write_all(&unpacked).map_err(|_| damaged())?;
    }
    writer.finish().map(Cursor::into_inner).map_err(|_| damaged())
}

/// How many shared texts (`si`) and styles (`xf`) a part lists. Each of five bytes becomes one of
/// many in memory, all at once, whatever cells name it.
fn entries_in(part: &[u8]) -> usize {
    let begins = |at: &[u8]| matches!(at, [b'<' | b':', b's', b'i'] | [b'<' | b':', b'x', b'f']);
    part.windows(3).filter(|at| begins(at)).count()
}

fn unpacks_too_far() -> Stop {
    let most = Limits::UNPACKED_BYTES >> 20;
    let said = (
        &*format!("解压后超过 {most} MiB，或与目录所写不符"),
        &*format!("it unpacks to more than {most} MiB, or to more than its directory says"),
    );
    let remedy = (
        "用表格软件打开并另存；不要导入来历不明的文件",
        "open it in a spreadsheet program and save it again; do not import files of unknown origin",
    );
    Box::new(Problem::error(Code::TooLarge, Place::file(), said, remedy))
}

pub(super) fn encrypted() -> Stop {
    let said = ("工作簿有密码", "the workbook has a password");
    let remedy = ("去掉密码后再保存", "remove the password and save it again");
    Box::new(Problem::error(Code::Unreadable, Place::file(), said, remedy))
}

/// No workbook, or a broken one.
pub(super) fn damaged() -> Stop {
    let said = ("工作簿已损坏，或不是 Excel 文件", "the workbook is damaged, or no Excel file");
    let remedy = ("用表格软件打开并另存", "open it in a spreadsheet program and save it again");
    Box::new(Problem::error(Code::Unreadable, Place::file(), said, remedy))
}
