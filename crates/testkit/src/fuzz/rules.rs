//! Expressions of a checklist, and questions to the rules.

use spotcheck_checklists::expression::parse;
use spotcheck_rules::calc;
use spotcheck_rules::calc::calc_names;

/// What was read, written out, is read as the same.
pub(super) fn expression(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(expression) = parse(text) {
        let written = expression.to_string();
        let again = parse(&written).expect("what we write can be read");
        assert_eq!(again.to_string(), written);
    }
}

pub(super) fn expression_seeds() -> Vec<Vec<u8>> {
    let texts = [
        "if(${temp} > -18.0, 'fail', 'pass')",
        "count-selected(${docs}) >= 3 and selected(${docs}, 'release')",
        "sum(/form/lot/kg) div count(../lot[kg > 5]) * -1",
        "regex(., '^[0-9]{4}$') or format-date(today(), '%Y-%m-%d') = ${day}",
    ];
    texts.map(|text| text.as_bytes().to_vec()).to_vec()
}

/// The first byte chooses the calculation. An answer names its rule; a refusal says what to do, in
/// both languages.
pub(super) fn question(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let names = calc_names();
    match calc(names[usize::from(*first) % names.len()], text) {
        Ok(answer) => assert!(answer["rule"].is_string()),
        Err(error) => {
            let message = error.message();
            assert!(!message.zh.is_empty() && !message.en.is_empty());
        }
    }
}

pub(super) fn question_seeds() -> Vec<Vec<u8>> {
    let questions = [
        (0, r#"{"value":"8.3","unit":"°C","limit":{"op":"<=","value":"8.0"},"uncertainty":"0.5"}"#),
        (1, r#"{"temperatures_c":["4","4","16"]}"#),
        (
            2,
            r#"{"readings":[{"minute":0,"c":"6"},{"minute":10,"c":"9"}],"limit":{"op":"<=","value":"8.0"}}"#,
        ),
        (4, r#"{"lot":2000,"level":"II","aql":"1.0"}"#),
        (6, r#"{"made":"2021-03-01","shelf_life_months":12}"#),
    ];
    let seed = |(name, text): (u8, &str)| [&[name], text.as_bytes()].concat();
    questions.map(seed).to_vec()
}
