//! The functions: their names, how many arguments they take, and which are known but not done.

use std::collections::BTreeMap;
use std::sync::LazyLock;

macro_rules! functions {
    ($($variant:ident $name:literal $least:literal $most:expr, $nodes:expr;)*) => {
        /// A function of the engine. `docs/EXPRESSIONS.md` says what each does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is named for its function")]
        pub enum Function { $($variant),* }

        impl Function {
            /// Every function, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As written in an expression.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The fewest and the most arguments; [`usize::MAX`] for any number.
            #[must_use]
            pub fn arity(self) -> (usize, usize) {
                match self { $(Self::$variant => ($least, $most)),* }
            }

            /// Which arguments must be nodes (a `${name}` or a path), one bit each from the first.
            pub(super) fn node_arguments(self) -> u32 {
                match self { $(Self::$variant => $nodes),* }
            }
        }
    };
}

const ANY: usize = usize::MAX;

functions! {
    If "if" 3 3, 0;
    Coalesce "coalesce" 2 ANY, 0;
    Once "once" 1 1, 0;
    Position "position" 0 1, 0b1;
    Last "last" 0 0, 0;
    Current "current" 0 0, 0;
    Instance "instance" 1 1, 0;
    PullData "pulldata" 4 4, 0;
    Selected "selected" 2 2, 0;
    SelectedAt "selected-at" 2 2, 0;
    CountSelected "count-selected" 1 1, 0;
    ChoiceName "jr:choice-name" 2 2, 0;
    IndexedRepeat "indexed-repeat" 3 ANY, 0b1010_1011;
    Count "count" 1 1, 0b1;
    CountNonEmpty "count-non-empty" 1 1, 0b1;
    Sum "sum" 1 ANY, 0;
    Min "min" 1 ANY, 0;
    Max "max" 1 ANY, 0;
    Randomize "randomize" 1 2, 0b1;
    Regex "regex" 2 2, 0;
    Contains "contains" 2 2, 0;
    StartsWith "starts-with" 2 2, 0;
    EndsWith "ends-with" 2 2, 0;
    Substr "substr" 2 3, 0;
    Substring "substring" 2 3, 0;
    SubstringBefore "substring-before" 2 2, 0;
    SubstringAfter "substring-after" 2 2, 0;
    Translate "translate" 3 3, 0;
    StringLength "string-length" 0 1, 0;
    NormalizeSpace "normalize-space" 0 1, 0;
    Concat "concat" 0 ANY, 0;
    Join "join" 1 ANY, 0;
    BooleanFromString "boolean-from-string" 1 1, 0;
    String "string" 0 1, 0;
    Digest "digest" 2 3, 0;
    Base64Decode "base64-decode" 1 1, 0;
    Uuid "uuid" 0 1, 0;
    Number "number" 0 1, 0;
    Int "int" 1 1, 0;
    Round "round" 1 2, 0;
    Floor "floor" 1 1, 0;
    Ceiling "ceiling" 1 1, 0;
    Abs "abs" 1 1, 0;
    Pow "pow" 2 2, 0;
    Log "log" 1 1, 0;
    Log10 "log10" 1 1, 0;
    Exp "exp" 1 1, 0;
    Exp10 "exp10" 1 1, 0;
    Sqrt "sqrt" 1 1, 0;
    Sin "sin" 1 1, 0;
    Cos "cos" 1 1, 0;
    Tan "tan" 1 1, 0;
    Asin "asin" 1 1, 0;
    Acos "acos" 1 1, 0;
    Atan "atan" 1 1, 0;
    Atan2 "atan2" 2 2, 0;
    Pi "pi" 0 0, 0;
    Random "random" 0 0, 0;
    Today "today" 0 0, 0;
    Now "now" 0 0, 0;
    Date "date" 1 1, 0;
    DateTime "date-time" 1 1, 0;
    DecimalDateTime "decimal-date-time" 1 1, 0;
    DecimalTime "decimal-time" 1 1, 0;
    FormatDate "format-date" 2 2, 0;
    FormatDateTime "format-date-time" 2 2, 0;
    Area "area" 1 1, 0;
    Distance "distance" 1 ANY, 0;
    Geofence "geofence" 2 2, 0;
    Boolean "boolean" 1 1, 0;
    Not "not" 1 1, 0;
    True "true" 0 0, 0;
    False "false" 0 0, 0;
    Checklist "checklist" 2 ANY, 0;
    WeightedChecklist "weighted-checklist" 2 ANY, 0;
}

/// Functions of XPath or XForms that are known and not done: name, why and what instead
/// (Chinese, English).
pub(super) const REFUSED: &[(&str, &str, &str)] = &[
    ("jr:itext", "翻译由检查表自己选择", "translations are chosen by the checklist itself"),
    ("extract-signed", "不核对签名数据", "signed data is not checked in expressions"),
    ("intersects", "还不能判断轨迹自交", "whether a trace crosses itself is not computed yet"),
    ("lang", "检查项没有 XML 语言", "questions have no XML language"),
    ("id", "检查项没有 XML 标识", "questions have no XML ids"),
    ("name", "写出名称", "write the name itself"),
    ("local-name", "写出名称", "write the name itself"),
    ("namespace-uri", "检查项没有命名空间", "questions have no namespace"),
    ("property", "从隐藏项读取设备信息", "read device properties from a hidden question"),
];

static BY_NAME: LazyLock<BTreeMap<&'static str, Function>> =
    LazyLock::new(|| Function::ALL.iter().map(|function| (function.name(), *function)).collect());

impl Function {
    /// The function of this name. `choice-name` is also understood without its prefix.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let name = if name == "choice-name" { "jr:choice-name" } else { name };
        BY_NAME.get(name).copied()
    }

    /// Whether it yields nodes, so that a path may go on from it.
    pub(super) fn yields_nodes(self) -> bool {
        matches!(self, Self::Current | Self::Instance | Self::IndexedRepeat | Self::Randomize)
    }
}

/// The name nearest to a mistyped one, if any is near enough to be meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let likeness = |other: &str| strsim::jaro_winkler(&name, &other.to_lowercase());
    let scored = known.map(|other| (likeness(other), other)).filter(|(score, _)| *score >= 0.8);
    scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_finds_the_one_that_was_meant() {
        let suggest = |name| nearest(name, Function::ALL.iter().map(|f| f.name()));
        assert_eq!(suggest("selcted"), Some("selected"));
        assert_eq!(suggest("formatdate"), Some("format-date"));
        assert_eq!(suggest("CONCAT"), Some("concat"));
        assert_eq!(suggest("qqqq"), None);
    }
}
