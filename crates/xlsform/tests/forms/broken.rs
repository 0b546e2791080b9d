//! Wrong forms: each fault is found, with its place and what to do.

use spotcheck_xlsform::{Level, read};

use crate::{form, located, markdown};

#[track_caller]
fn errors(text: &str, expected: &[&str]) {
    let reading = markdown(text);
    let errors: Vec<_> = reading.errors().cloned().collect();
    assert_eq!(located(&errors), expected, "{:#?}", reading.problems);
    assert!(reading.form.is_none());
    for it in reading.problems {
        for text in [&it.said, &it.remedy] {
            assert!(text.zh.chars().any(|c| c > '\u{2e80}') && !text.en.is_empty(), "{it:?}");
        }
    }
}

#[test]
fn names_types_and_lists_are_checked() {
    errors(
        "
| survey |
| | type | name | label |
| | text | a | A |
| | integr | b | B |
| | text | a | again |
| | text | 1a | bad |
| | text | | none |
| | select_one nowhere | c | C |
| | select_multiple spaced | d | D |
| | select_one_from_file x.csv | e | E |
| | | f | no type |
| | text | meta | M |
| choices |
| | list_name | name | label |
| | spaced | a b | A |
| | twice | x | X |
| | twice | x | Y |
| | twice | | Z |
",
        &[
            "BadName choices:16:name",
            "DuplicateName choices:18:name",
            "MissingCell choices:19:name",
            "UnknownType survey:5:type",
            "DuplicateName survey:6:name",
            "BadName survey:7:name",
            "MissingCell survey:8:name",
            "MissingList survey:9:type",
            "Unsupported survey:11:type",
            "MissingCell survey:12:type",
            "BadName survey:13:name",
        ],
    );
}

#[test]
fn groups_must_close_as_they_open() {
    errors(
        "
| survey |
| | type | name | label |
| | begin_group | g | G |
| | begin_repeat | r | R |
| | end_group | | |
| | end_repeat | | |
| | end_group | | |
| | end_group | | |
| | begin_repeat | s | S |
",
        &["Unbalanced survey:6:type", "Unbalanced survey:9:type", "Unbalanced survey:10:type"],
    );
}

#[test]
fn every_expression_is_compiled() {
    errors(
        "
| survey |
| | type | name | label | relevant | calculation | choice_filter | default | trigger | repeat_count |
| | text | a | A | ${b} = | | | | | |
| | text | b | B | ${nowhere} | | | | | |
| | calculate | c | | | colour(${a}) | | | | |
| | select_one x | d | See ${e2} | | | ${zz} = x | | | |
| | text | e | E | | | | ${yy} | | |
| | text | f | F | | | | | ${ww} | |
| | begin_repeat | g | G | | | | | | ${vv} |
| | text | h | H | | | | | not a name | |
| | end_repeat | | | | | | | | |
| choices |
| | list_name | name | label |
| | x | x | X |
",
        &[
            "Expression survey:4:relevant",
            "UnknownName survey:5:relevant",
            "Expression survey:6:calculation",
            "UnknownName survey:7:choice_filter",
            "UnknownName survey:7:label",
            "UnknownName survey:8:default",
            "UnknownName survey:9:trigger",
            "UnknownName survey:10:repeat_count",
            "BadValue survey:11:trigger",
        ],
    );
    let circle = "
| survey |
| | type | name | label | calculation |
| | calculate | a | | ${b} + 1 |
| | calculate | b | | ${a} + 1 |
";
    errors(circle, &["Circular survey:4:calculation"]);
    assert!(markdown(circle).problems[0].said.en.contains("a → b → a"));
}

#[test]
fn parameters_are_checked_by_type() {
    errors(
        "
| survey |
| | type | name | label | parameters |
| | range | a | A | start=1 end=x |
| | image | b | B | max-pixel=3 |
| | select_one x | c | C | seed=3 |
| | text | d | D | rows |
| | audit | | | location-priority=balanced |
| choices |
| | list_name | name | label |
| | x | x | X |
",
        &[
            "BadParameter survey:4:parameters",
            "BadParameter survey:5:parameters",
            "BadParameter survey:6:parameters",
            "BadParameter survey:7:parameters",
            "BadParameter survey:8:parameters",
        ],
    );
}

#[test]
fn sheets_and_columns_that_are_needed_are_missed() {
    errors(
        "| questions |\n| | type | name |\n| choices |\n| | name |\n",
        &["MissingSheet survey::"],
    );
    errors("| survey |\n| | name | label |\n| | a | A |\n", &["MissingColumn survey::type"]);
    errors(
        "| survey |\n| | type | name | label | caption |\n| | text | a | A | A |\n",
        &["DuplicateColumn survey:2:caption"],
    );
    let misspelt =
        "| survey |\n| | type | name | label |\n| | text | a | A |\n| choises |\n| | x |\n";
    let reading = markdown(misspelt);
    assert_eq!(located(&reading.problems), ["MisspeltSheet choises::"]);
    let said = reading.problems[0].to_string();
    assert!(said.contains("rename it if it is choices"), "{said}");
}

#[test]
fn what_is_doubtful_is_a_warning_and_kept() {
    let form = form("
| survey |
| | type | name | label::English (en) | label::中文 (zh) | hint::English (en) | appearence | appearance |
| | text | a | A | 甲 | H | x | multline |
| | | | | | a note between rows | | |
");
    assert_eq!(form.unknown_columns, ["appearence"]);
    assert_eq!(form.questions[0].others["appearence"], "x");
    assert_eq!(form.questions[0].appearance, ["multline"]);
    assert_eq!(form.questions[0].label.get("中文 (zh)"), Some("甲"));
}

#[test]
fn names_are_found_from_where_they_stand() {
    let form = form(
        "
| survey |
| | type | name | label | relevant |
| | begin_repeat | rooms | Rooms | |
| | integer | temp | T | |
| | text | why | Why | ${temp} > 5 |
| | end_repeat | | | |
| | integer | total | Total | count(${rooms}) > 1 and sum(${temp}) > 3 |
",
    );
    assert_eq!(form.logic.len(), 2);
    assert_eq!(form.questions[2].parent, Some(0));
}

#[test]
fn every_kind_of_text_file_reads_alike() {
    let csv = "survey,,,\n,type,name,label\n,text,a,\"x\ny\"\n\nsettings\n,form_id,\n,F,\n";
    let plain = "type,name,label\ntext,a,A\n";
    let workbook = read(csv.as_bytes(), "a.csv").unwrap();
    assert_eq!(workbook.sheets[0].rows[1].cells, ["text", "a", "x\ny"]);
    assert_eq!(workbook.find_sheet("SETTINGS").unwrap().rows.len(), 2);
    let with_mark = [b"\xEF\xBB\xBF".as_slice(), plain.as_bytes()].concat();
    assert_eq!(read(&with_mark, "b.CSV").unwrap().sheets[0].name, "survey");
    let table =
        "text before\n| survey | type | name |\n|---|:-:|---|\n# no\n| | text | a \\| b | c\n";
    let rows = &read(table.as_bytes(), "dir/c.md").unwrap().sheets[0].rows;
    assert_eq!(rows[1].cells, ["text", "a | b"]);
    for (bytes, name) in [
        (&b"x"[..], "a.txt"),
        (b"\xff\xfe", "a.csv"),
        (b"PK\x03\x04x", "a.xlsx"),
        (b"\xD0\xCF\x11\xE0x", "a.xls"),
    ] {
        let stop = read(bytes, name).unwrap_err();
        assert_eq!(stop.level, Level::Error);
    }
}
