//! Turns the line and column of a JSON error into the name of the field it happened in, so that an
//! author of packs reads `limits[3].values[0].unit` and not only "line 212".

/// The path of the value that is open, or was the last to end, at `line` and `column` (both from 1,
/// columns in bytes, as `serde_json` counts them). `document` when that is the whole text.
#[must_use]
pub fn json_path_at(json: &[u8], line: usize, column: usize) -> String {
    let mut scan = Scan::default();
    let (mut at_line, mut at_column) = (1, 0);
    for &byte in json {
        if at_line > line || (at_line == line && at_column >= column) {
            break;
        }
        if byte == b'\n' {
            (at_line, at_column) = (at_line + 1, 0);
        } else {
            at_column += 1;
        }
        scan.step(byte);
    }
    scan.path()
}

enum Level {
    Object(String),
    Array(usize),
}

/// Just enough of a JSON reader to know where it stands; the text may be broken, so nothing fails.
#[derive(Default)]
struct Scan {
    levels: Vec<Level>,
    text: Vec<u8>,
    in_text: bool,
    escaped: bool,
    expects_key: bool,
}

impl Scan {
    fn step(&mut self, byte: u8) {
        if self.in_text {
            return self.step_in_text(byte);
        }
        match byte {
            b'"' => {
                self.in_text = true;
                self.text.clear();
            }
            b'{' => {
                self.levels.push(Level::Object(String::new()));
                self.expects_key = true;
            }
            b'[' => {
                self.levels.push(Level::Array(0));
                self.expects_key = false;
            }
            b'}' | b']' => {
                self.levels.pop();
                self.expects_key = false;
            }
            b',' => match self.levels.last_mut() {
                Some(Level::Array(index)) => *index += 1,
                Some(Level::Object(_)) => self.expects_key = true,
                None => {}
            },
            _ => {}
        }
    }

    fn step_in_text(&mut self, byte: u8) {
        if !self.escaped && byte == b'"' {
            self.in_text = false;
            if self.expects_key
                && let Some(Level::Object(key)) = self.levels.last_mut()
            {
                *key = String::from_utf8_lossy(&self.text).into_owned();
                self.expects_key = false;
            }
            return;
        }
        self.escaped = !self.escaped && byte == b'\\';
        self.text.push(byte);
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for level in &self.levels {
            match level {
                Level::Array(index) => path.push_str(&format!("[{index}]")),
                Level::Object(key) if key.is_empty() => {}
                Level::Object(key) if path.is_empty() => path.push_str(key),
                Level::Object(key) => path.push_str(&format!(".{key}")),
            }
        }
        if path.is_empty() { "document".to_owned() } else { path }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_names_the_value_that_just_ended() {
        let json = br#"{"a":[{"b":"x,{\"y"},{"c":1}],"d":2}"#;
        let end = |needle: &str| {
            let text = std::str::from_utf8(json).unwrap();
            text.find(needle).unwrap() + needle.len()
        };
        assert_eq!(json_path_at(json, 1, end(r#"y""#)), "a[0].b");
        assert_eq!(json_path_at(json, 1, end(r#""c":1}"#)), "a[1]");
        assert_eq!(json_path_at(json, 1, end(r#""d""#)), "d");
        assert_eq!(json_path_at(json, 1, json.len()), "document");
    }
}
