//! Files that authors and loggers hand in: workbooks with forms, logs of temperatures.

use spotcheck_checklists::{Checklist, shipped};
use spotcheck_loggers::{read as read_log, sniff};
use spotcheck_xlsform::{Form, read, to_workbook, write_csv, write_markdown, write_xlsx};

/// Kinds of workbook; the first byte chooses.
const NAMES: [&str; 4] = ["form.xlsx", "form.xls", "form.csv", "form.md"];

/// What is refused is refused in both languages; what becomes a checklist is one to the core too.
pub(super) fn form(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Ok(workbook) = read(rest, NAMES[usize::from(*first) % NAMES.len()]) else { return };
    let reading = Form::read(&workbook);
    for problem in &reading.problems {
        assert!(!problem.said.zh.is_empty() && !problem.said.en.is_empty());
        assert!(!problem.remedy.zh.is_empty() && !problem.remedy.en.is_empty());
    }
    let Some(form) = reading.form else {
        assert!(!reading.problems.is_empty(), "a form that is none says why");
        return;
    };
    if let Some(checklist) = form.to_checklist("").checklist {
        let bytes = serde_json::to_vec(&checklist).expect("a checklist can be written");
        assert_eq!(Checklist::parse(&bytes).expect("and read again"), checklist);
    }
}

pub(super) fn form_seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![];
    for shipped in shipped().iter().take(2) {
        let checklist = Checklist::parse(shipped.bytes).expect("ours");
        let workbook = to_workbook(&checklist).expect("ours goes out");
        let xlsx = write_xlsx(&workbook).expect("and is written");
        for (kind, file) in
            [(0, xlsx), (2, write_csv(&workbook)), (3, write_markdown(&workbook).into_bytes())]
        {
            seeds.push([vec![kind], file].concat());
        }
    }
    seeds
}

/// A file is read whole or refused; readings stand in the order of time.
pub(super) fn logger(bytes: &[u8]) {
    let Ok(sniffed) = sniff(bytes) else { return };
    // The first candidate of each question, as somebody in a hurry would answer.
    let answers = sniffed.questions.iter().filter_map(|question| question.candidates.first());
    let answers = answers.fold(sniffed.known.clone(), |all, one| all.and(one.answers.clone()));
    if let Ok(log) = read_log(bytes, &answers) {
        assert!(log.readings.is_sorted_by_key(|reading| reading.at), "readings out of order");
    }
}

pub(super) fn logger_seeds() -> Vec<Vec<u8>> {
    let files = [
        "Time,°C\r\n2021-06-24 00:00,4.5\r\n2021-06-24 00:10,9.1\r\n",
        "Datum;Wert\n24.06.2021 00:00;-18,4\n24.06.2021 00:30;\n",
        "Device:\tFridge-tag 2\nVers:\t1.0\nConf:\n\tSerial:\t123\nHist:\n\t1:\n\t\tDate:\t2021-06-24\n",
    ];
    files.map(|file| file.as_bytes().to_vec()).to_vec()
}
