//! Points in time and birth dates, as the API writes them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A moment, in microseconds since 1970 (UTC). On the wire RFC 3339 with `Z` and six fraction
/// digits, as in live data (BEHAVIOUR 4.17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// The calendar day of this moment in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        TimeZone::UTC.to_datetime(self.timestamp()).date()
    }

    /// A moment beyond what the calendar can hold becomes the epoch; the clock cannot produce one.
    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or_default()
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = TimeZone::UTC.to_datetime(self.timestamp());
        // By hand: a format that is parsed for each of three times of a customer takes longer than the
        // rest of its document.
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.subsec_nanosecond() / 1_000,
        )
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let timestamp: Timestamp = text.parse().map_err(D::Error::custom)?;
        Ok(Self(timestamp.as_microsecond()))
    }
}

/// Reads a `full-date` of RFC 3339: exactly `YYYY-MM-DD`, and a day that exists.
#[must_use]
pub fn parse_full_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| match i {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    let year = text.get(0..4)?.parse().ok()?;
    let month = text.get(5..7)?.parse().ok()?;
    let day = text.get(8..10)?.parse().ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_six_fraction_digits_and_survives_a_round_trip() {
        for (micros, text) in [
            (1_738_591_506_120_045, "\"2025-02-03T14:05:06.120045Z\""),
            (1_738_591_506_000_000, "\"2025-02-03T14:05:06.000000Z\""),
        ] {
            let json = serde_json::to_string(&Instant(micros)).unwrap();
            assert_eq!(json, text);
            assert_eq!(
                serde_json::from_str::<Instant>(&json).unwrap(),
                Instant(micros)
            );
        }
    }

    #[test]
    fn a_full_date_is_strict() {
        assert!(parse_full_date("2000-02-29").is_some());
        for wrong in [
            "2001-02-29",
            "2000-2-9",
            "2000/02/09",
            "2000-02-09T00:00:00Z",
            "",
            "20000-1-01",
            "２０００-02-09",
        ] {
            assert_eq!(parse_full_date(wrong), None, "{wrong}");
        }
    }
}
