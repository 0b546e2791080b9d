//! Types of questions.

use serde::Serialize;

/// Where the choices of a question come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A list of the sheet `choices`.
    List(String),
    /// The answers of a question within a repeat: `select_one ${name}`.
    Answers(String),
}

/// What a row of the sheet `survey` is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the type of the same name; docs/FORMS.md lists them")]
pub enum Kind {
    Text,
    Integer,
    Decimal,
    Range,
    Date,
    Time,
    DateTime,
    SelectOne(Source),
    SelectMultiple(Source),
    Rank(Source),
    Note,
    Calculate,
    Hidden,
    Acknowledge,
    Image,
    Audio,
    Video,
    File,
    Barcode,
    Geopoint,
    Geotrace,
    Geoshape,
    Group,
    Repeat,
    Start,
    End,
    Today,
    DeviceId,
    Username,
    PhoneNumber,
    Email,
    SubscriberId,
    SimSerial,
    Audit,
    StartGeopoint,
    BackgroundAudio,
    BackgroundGeopoint,
    CsvExternal,
    XmlExternal,
}

impl Kind {
    /// Whether it holds other rows.
    #[must_use]
    pub fn holds_others(&self) -> bool {
        matches!(self, Self::Group | Self::Repeat)
    }

    /// The list it chooses from.
    #[must_use]
    pub fn source(&self) -> Option<&Source> {
        match self {
            Self::SelectOne(source) | Self::SelectMultiple(source) | Self::Rank(source) => {
                Some(source)
            }
            _ => None,
        }
    }

    /// Filled in by the device, not by a person.
    #[must_use]
    pub fn is_metadata(&self) -> bool {
        use Kind::{
            Audit, BackgroundAudio, BackgroundGeopoint, DeviceId, Email, End, PhoneNumber,
            SimSerial, Start, StartGeopoint, SubscriberId, Today, Username,
        };
        matches!(
            self,
            Start
                | End
                | Today
                | DeviceId
                | Username
                | PhoneNumber
                | Email
                | SubscriberId
                | SimSerial
                | Audit
                | StartGeopoint
                | BackgroundAudio
                | BackgroundGeopoint
        )
    }
}
