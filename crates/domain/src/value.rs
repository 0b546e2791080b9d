//! The JSON we keep for ever: no floats, no duplicate keys, integers within ±2⁵³, bounded depth.
//!
//! A measured value is text exactly as entered (`"-18.50"`): its trailing zero says how finely it
//! was read, and binary floats would change it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// Integers beyond this lose digits in other people's JSON readers.
pub const MAX_INT: i64 = 1 << 53;
/// Values nest at most this deep.
pub const MAX_DEPTH: u32 = 16;

/// A value of a slot, or any other kept JSON.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing was said.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number within ±2⁵³.
    Int(i64),
    /// Text, or a decimal as entered.
    Text(String),
    /// A list; its order means something.
    List(Vec<Value>),
    /// An object; its order does not.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// Reads strict JSON.
    ///
    /// # Errors
    /// On floats, exponents, duplicate keys, integers beyond ±2⁵³, or nesting beyond 16.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let value: Self = serde_json::from_str(text)?;
        if value.too_deep() {
            return Err(de::Error::custom("nested deeper than 16"));
        }
        Ok(value)
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A member of an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        if let Self::Map(map) = self { map.get(key) } else { None }
    }

    /// Whether it nests deeper than [`MAX_DEPTH`].
    pub(crate) fn too_deep(&self) -> bool {
        self.depth() > MAX_DEPTH
    }

    fn depth(&self) -> u32 {
        match self {
            Self::List(list) => 1 + list.iter().map(Self::depth).max().unwrap_or(0),
            Self::Map(map) => 1 + map.values().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl<K: Into<String>, V: Into<Value>, const N: usize> From<[(K, V); N]> for Value {
    fn from(pairs: [(K, V); N]) -> Self {
        Self::Map(pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

impl<V: Into<Value>> From<Vec<V>> for Value {
    fn from(list: Vec<V>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

impl fmt::Display for Value {
    /// Compact JSON: no whitespace, raw UTF-8, keys in order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(yes) => to.serialize_bool(*yes),
            Self::Int(n) => to.serialize_i64(*n),
            Self::Text(text) => to.serialize_str(text),
            Self::List(list) => to.collect_seq(list),
            Self::Map(map) => to.collect_map(map),
        }
    }
}

impl<'de> de::Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Strict)
    }
}

struct Strict;

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without floats")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Value, E> {
        if n.unsigned_abs() > MAX_INT as u64 {
            return Err(E::custom("an integer beyond ±2^53: write it as text"));
        }
        Ok(Value::Int(n))
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Value, E> {
        i64::try_from(n)
            .map_err(|_| E::custom("an integer beyond ±2^53: write it as text"))
            .and_then(|n| self.visit_i64(n))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("a float: write a measured value as text, exactly as read"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = members.next_entry::<String, Value>()? {
            if map.contains_key(&key) {
                return Err(de::Error::custom(format_args!("key {key:?} appears twice")));
            }
            map.insert(key, value);
        }
        Ok(Value::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_readers_could_disagree_on_is_refused() {
        for bad in [
            "1.0",
            "1e2",
            "-0.5",
            r#"{"a":1,"a":2}"#,
            "9007199254740993",
            "-9007199254740993",
            "18446744073709551615",
            "NaN",
            "[1,]",
            "",
            "[1] 2",
        ] {
            assert!(Value::parse(bad).is_err(), "{bad}");
        }
        assert!(Value::parse(&format!("{}1{}", "[".repeat(17), "]".repeat(17))).is_err());
        assert!(Value::parse(&"[".repeat(100_000)).is_err());
        assert_eq!(Value::parse("9007199254740992").unwrap(), Value::Int(MAX_INT));
    }

    #[test]
    fn keys_are_written_in_order_without_whitespace() {
        let value = Value::parse(r#"{ "b": "温度", "a": [1, true, null, "-18.50"] }"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":[1,true,null,"-18.50"],"b":"温度"}"#);
    }
}
