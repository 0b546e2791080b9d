//! What the JSON reader met, in both languages.

use super::{Notice, Weight};
use crate::json_path_at;
use crate::pack::Pack;
use crate::pack::check::both;

/// Reads the fields alone.
pub(super) fn read(bytes: &[u8], most: usize) -> Result<Pack, Box<Notice>> {
    if bytes.len() > most {
        let size = bytes.len();
        return Err(Box::new(Notice {
            weight: Weight::Error,
            path: "document".to_owned(),
            line: None,
            problem: both(
                format!("文件有 {size} 字节，上限为 {most}"),
                format!("the file has {size} bytes, at most {most} are read"),
            ),
            remedy: both("请拆成几个规则包", "split it into several packs"),
        }));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let path = json_path_at(bytes, line, column);
        let text = error.to_string();
        let (met, _) = text.split_once(" at line ").unwrap_or((&text, ""));
        Box::new(Notice {
            weight: Weight::Error,
            path: if path.is_empty() { "document".to_owned() } else { path },
            line: (line > 0).then_some(line),
            problem: both(format!("第 {line} 行第 {column} 列：{}", in_chinese(met)), met),
            remedy: both(
                "请改正此处，各字段见 docs/RULES.md",
                "correct this place, docs/RULES.md lists the fields",
            ),
        })
    })
}

/// The reader's own words where they are not among the usual ones: better than nothing.
fn in_chinese(met: &str) -> String {
    let usual = [
        ("missing field ", "缺少字段 "),
        ("unknown field ", "没有这个字段："),
        ("duplicate field ", "字段重复："),
        ("unknown variant ", "没有这个取值："),
        ("invalid type: ", "类型不对："),
        ("EOF while parsing", "文件不完整"),
        ("expected value", "此处应有一个值"),
        ("trailing comma", "多了一个逗号"),
        ("trailing characters", "末尾有多余内容"),
    ];
    let known = usual.iter().find_map(|(en, zh)| Some((zh, met.strip_prefix(en)?)));
    match known {
        Some((zh, rest)) => {
            format!(
                "{zh}{}",
                rest.replace(", expected one of ", "，可用：").replace(", expected ", "，应为 ")
            )
        }
        None => met.to_owned(),
    }
}
