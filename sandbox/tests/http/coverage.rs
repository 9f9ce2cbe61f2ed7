//! No line of BEHAVIOUR.md that speaks of the server is left without a test.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Lines that no test of the sandbox cites, and why.
const EXEMPT: &[(&str, &str)] = &[
    ("1.2", "client-side: which environment is the default"),
    ("1.11", "not imitated: the sandbox has no /persons view"),
    (
        "5.b1",
        "client-side: values that are not listed have to be read",
    ),
    ("5.b2", "client-side: what the gem does with such values"),
    (
        "5.b3",
        "about the published document, which the contract corrects",
    ),
    ("5.p1", "names the sources of the table"),
    ("7.6", "client-side: where the key is made"),
    ("8.p2", "names the source of the table"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of sections 1 to 8, each with its mark; section 9 is about webhooks, 10 about clients,
/// 11 about what is unknown.
///
/// A row without a number is counted within its section, or named by the code that it is about.
/// Bullets are counted too (with a `b` in section 5, whose rows have numbers), paragraphs with `p`.
fn lines(text: &str) -> BTreeMap<String, String> {
    let mut lines = BTreeMap::new();
    let mut section = 0;
    let (mut rows, mut bullets, mut paragraphs) = (0, 0, 0);
    let mut mark_column = None;
    let mut previous = "";
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.split('.').next().unwrap().parse().unwrap();
            (rows, bullets, paragraphs, mark_column) = (0, 0, 0, None);
        } else if (1..=8).contains(&section) {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            if line.starts_with("|---") {
                mark_column = column(previous, "Mark");
                rows = 0;
            } else if line.starts_with('|') && previous.starts_with('|') {
                rows += 1;
                let mark = mark_column.and_then(|n| cells.get(n)).unwrap_or(&"S");
                lines.insert(row_name(section, cells[0], rows), (*mark).to_owned());
            } else if line.starts_with("* ") {
                bullets += 1;
                let letter = if section == 5 { "b" } else { "" };
                lines.insert(format!("{section}.{letter}{bullets}"), "S".to_owned());
            } else if !line.is_empty() && !line.starts_with(['|', ' ']) && !is_prose(previous) {
                paragraphs += 1;
                lines.insert(format!("{section}.p{paragraphs}"), "S".to_owned());
            }
        }
        previous = line;
    }
    lines
}

fn is_prose(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(['|', '#'])
}

fn column(header: &str, name: &str) -> Option<usize> {
    header
        .trim_matches('|')
        .split('|')
        .position(|cell| cell.trim() == name)
}

fn row_name(section: u32, cell: &str, row: u32) -> String {
    let word = cell.split([',', ' ']).next().unwrap_or_default();
    if word
        .split_once('.')
        .is_some_and(|(a, _)| a == section.to_string())
    {
        word.to_owned()
    } else if section == 8 {
        format!("8.{word}")
    } else {
        format!("{section}.{row}")
    }
}

/// The lines cited right above a test.
fn citations(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            citations(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            cited(&fs::read_to_string(&path).unwrap(), found);
        }
    }
}

fn cited(source: &str, found: &mut BTreeSet<String>) {
    let mut pending: Vec<String> = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some(list) = line.strip_prefix("// BEHAVIOUR ") {
            pending.extend(list.split(", ").map(str::to_owned));
        } else if line == "#[test]" {
            found.extend(pending.drain(..));
        } else {
            pending.clear();
        }
    }
}

#[test]
fn every_line_about_the_server_is_cited_by_a_test() {
    let lines = lines(&fs::read_to_string(root().join("contract/BEHAVIOUR.md")).unwrap());
    let mut found = BTreeSet::new();
    citations(&root().join("sandbox/core/src"), &mut found);
    citations(&root().join("sandbox/src"), &mut found);
    citations(&root().join("sandbox/tests"), &mut found);
    let exempt: BTreeSet<&str> = EXEMPT.iter().map(|(line, _)| *line).collect();

    let left_out: Vec<_> = lines
        .iter()
        .filter(|(line, mark)| {
            mark.contains(['S', 'O', 'D'])
                && !found.contains(*line)
                && !exempt.contains(line.as_str())
        })
        .map(|(line, _)| line)
        .collect();
    assert!(left_out.is_empty(), "no test cites {left_out:?}");

    let unknown: Vec<_> = found
        .iter()
        .filter(|line| !lines.contains_key(*line))
        .collect();
    assert!(
        unknown.is_empty(),
        "cited, but not in BEHAVIOUR.md: {unknown:?}"
    );
    let needless: Vec<_> = exempt
        .iter()
        .filter(|line| found.contains(**line) || !lines.contains_key(**line))
        .collect();
    assert!(needless.is_empty(), "exempt for nothing: {needless:?}");
}

/// A row of docs/fidelity.md: its line, and its mark.
fn fidelity(text: &str) -> BTreeMap<String, String> {
    let table = text.lines().filter(|line| line.starts_with('|'));
    let rows = table.filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let is_row = cells[0].starts_with(|c: char| c.is_ascii_digit()) && cells[0].contains('.');
        is_row.then(|| (cells[0].to_owned(), cells[cells.len() - 1].to_owned()))
    });
    rows.collect()
}

#[test]
fn every_line_about_the_server_is_in_the_notes_on_fidelity_with_its_mark() {
    let read = |path| fs::read_to_string(root().join(path)).unwrap();
    let behaviour = read("contract/BEHAVIOUR.md");
    let notes = fidelity(&read("docs/fidelity.md"));
    let lines = lines(&behaviour);
    let names = |map: &BTreeMap<String, String>| map.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&notes), names(&lines));
    for (line, mark) in &lines {
        // Of bullets, paragraphs and the catalogue the marks stand in the text, each at its statement.
        let (section, name) = line.split_once('.').unwrap();
        let is_marked = ["1", "3", "4", "6"].contains(&section) && !name.starts_with('p');
        assert!(
            !is_marked || mark.starts_with(&notes[line]),
            "{line}: {} is not {mark}",
            notes[line]
        );
    }
}

#[test]
fn the_lines_are_read_as_meant() {
    let text = "## 3. A\n\n| Case | Mark |\n|---|---|\n| x | S |\n| y | I |\n\nProse (D)\ngoes on.\n\n\
                ## 8. B\n| code | HTTP |\n|---|---|\n| FORBIDDEN | 403 |\n| 502, 503 | - |\n\
                ## 9. C\n* no\n";
    let names: Vec<String> = lines(text)
        .into_iter()
        .map(|(l, m)| format!("{l}={m}"))
        .collect();
    assert_eq!(
        names,
        ["3.1=S", "3.2=I", "3.p1=S", "8.502=S", "8.FORBIDDEN=S"]
    );
}

#[test]
fn only_a_citation_right_above_a_test_counts() {
    let mut found = BTreeSet::new();
    cited(
        "// BEHAVIOUR 1.1, 1.2\n#[test]\nfn a() {}\n// BEHAVIOUR 1.3\nfn b() {}\n#[test]",
        &mut found,
    );
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["1.1", "1.2"]);
}
