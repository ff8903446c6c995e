//! Addresses that visitors type: e-mail, phone and web, validated and brought into one form.

use alloc::string::String;

use url::{Host, Url};

use crate::answer::Country;
use crate::digits::plain;

/// An e-mail address, its domain in lower case. The domain must have a dot.
pub(crate) fn email(answer: &str) -> Option<String> {
    let at = answer.bytes().rposition(|byte| byte == b'@')?;
    let (local, domain) = (answer.get(..at)?, answer.get(at + 1..)?);
    let fits = answer.len() <= 254 && local.len() <= 64;
    if !(fits
        && dotted(local.as_bytes(), is_atom)
        && dotted(domain.as_bytes(), is_host)
        && host_labels(domain))
    {
        return None;
    }
    let mut address = String::from(answer);
    if let Some(domain) = address.get_mut(at + 1..) {
        domain.make_ascii_lowercase();
    }
    if address.is_ascii() {
        return Some(address);
    }
    let plain = |char: char| char.is_ascii() || !(char.is_whitespace() || char.is_control());
    if !answer.chars().all(plain) {
        return None;
    }
    address.truncate(at + 1);
    domain.chars().flat_map(char::to_lowercase).for_each(|char| address.push(char));
    agreed(&address).then_some(address)
}

/// Whether the RFC's own grammar takes the address too. Of plain ASCII it takes all that the structural check
/// lets through, so only other letters are shown to it.
#[cfg(feature = "std")]
fn agreed(address: &str) -> bool {
    email_address::EmailAddress::is_valid(address)
}

/// The structural check stands alone where the RFC's grammar is not built in.
#[cfg(not(feature = "std"))]
fn agreed(_address: &str) -> bool {
    true
}

/// Whether the part is made of such bytes, with single dots between them.
fn dotted(part: &[u8], is_inner: fn(u8) -> bool) -> bool {
    let mut before = b'.';
    for byte in part {
        let fits = if *byte == b'.' { before != b'.' } else { is_inner(*byte) };
        if !fits {
            return false;
        }
        before = *byte;
    }
    before != b'.'
}

/// The bytes that an unquoted local part may have; letters beyond ASCII are looked at elsewhere.
fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || !byte.is_ascii()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
}

/// The bytes that a host's labels may have.
fn is_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || !byte.is_ascii()
}

/// Whether there are at least two labels, none too long or with a hyphen at an end, and the last one is a name.
fn host_labels(domain: &str) -> bool {
    let label = |label: &[u8]| label.len() <= 63 && !label.starts_with(b"-") && !label.ends_with(b"-");
    let mut labels = domain.as_bytes().split(|byte| *byte == b'.');
    let top = labels.next_back().unwrap_or(b"");
    let name = top.len() >= 2 && !top.iter().all(u8::is_ascii_digit);
    name && label(top) && labels.clone().next().is_some() && labels.all(label)
}

/// A phone number as E.164: `+` and 7 to 15 digits. One without `+` or `00` is a number of the country's own plan.
pub(crate) fn phone(answer: &str, country: Option<Country>) -> Option<String> {
    let answer = plain(answer);
    match international(&answer) {
        Some(number) => Some(number),
        None => national(&dialled(&answer)?, country?),
    }
}

/// A number with its country code, to be recognised by `+` or `00`.
fn international(answer: &str) -> Option<String> {
    // `+31 (0)20` is written to be dialled in two ways; with the country code the zero goes.
    let digits = dialled(&answer.replacen("(0)", "", 1))?;
    let number = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00"))?;
    let fits = (7..=15).contains(&number.len()) && !number.starts_with('0');
    fits.then(|| alloc::format!("+{number}"))
}

/// The digits without what people write between them, and a `+` if it comes first.
fn dialled(answer: &str) -> Option<String> {
    let mut digits = String::with_capacity(16);
    for char in answer.chars() {
        match char {
            '+' if digits.is_empty() => digits.push('+'),
            '0'..='9' => digits.push(char),
            ' ' | '.' | '-' | '(' | ')' | '/' | '\u{2013}' => {}
            _ => return None,
        }
    }
    Some(digits)
}

/// A number as people of the country dial it at home, if its plan has such a number.
#[cfg(feature = "std")]
fn national(digits: &str, country: Country) -> Option<String> {
    let short = digits.len() <= MOST_DIALLED && !digits.starts_with('+');
    let home = country.as_str().parse().ok().filter(|_| short)?;
    let number = phonenumber::parse(Some(home), digits).ok().filter(phonenumber::PhoneNumber::is_valid)?;
    international(&alloc::format!("{}", number.format().mode(phonenumber::Mode::E164)))
}

/// A number of fifteen digits, a prefix of the network, and some room.
#[cfg(feature = "std")]
const MOST_DIALLED: usize = 24;

/// The plans of the countries are not built in.
#[cfg(not(feature = "std"))]
fn national(_digits: &str, _country: Country) -> Option<String> {
    None
}

/// Whether numbers of the country's own plan can be read.
#[cfg(feature = "std")]
pub(crate) fn reads_national(country: Country) -> bool {
    country.as_str().parse::<phonenumber::country::Id>().is_ok()
}

/// The plans of the countries are not built in.
#[cfg(not(feature = "std"))]
pub(crate) fn reads_national(_country: Country) -> bool {
    false
}

/// A web address: http or https, `https://` where neither stands there, and a host with a dot.
pub(crate) fn url(answer: &str) -> Option<String> {
    if answer.contains(char::is_whitespace) {
        return None;
    }
    let bare = !answer.contains("://");
    let url = match bare {
        true => Url::parse(&alloc::format!("https://{answer}")).ok()?,
        false => Url::parse(answer).ok()?,
    };
    let scheme = matches!(url.scheme(), "http" | "https");
    let host = match url.host()? {
        Host::Domain(domain) => host_name(domain),
        // A number alone would be read as the address of a machine.
        Host::Ipv4(_) | Host::Ipv6(_) => !bare,
    };
    let nobody = url.username().is_empty() && url.password().is_none();
    (scheme && host && nobody).then(|| String::from(url))
}

/// Whether a host is a name with a dot, of the letters that names may have: `1.234,5` is no host.
fn host_name(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    host.contains('.') && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses() {
        assert_eq!(email("Ada.L+x@Example.COM").as_deref(), Some("Ada.L+x@example.com"));
        assert_eq!(email("ada@münchen.example").as_deref(), Some("ada@münchen.example"));
        for wrong in [
            "ada at example",
            "ada@example",
            "@example.com",
            "ada@",
            "a b@example.com",
            "ada@example..com",
            "ada@-x.com",
            ".ada@example.com",
            "ada.@example.com",
            "a@b@example.com",
            "ada@example.1",
            "<ada@example.com>",
            "ada@example.com.",
            "ada,bo@example.com",
        ] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
    }

    #[test]
    #[cfg(feature = "std")]
    fn the_structural_check_is_the_narrower_one() {
        for mark in ' '..='~' {
            for address in [
                alloc::format!("a{mark}b@example.com"),
                alloc::format!("{mark}@example.com"),
                alloc::format!("ada@ex{mark}ample.com"),
                alloc::format!("ada@example.c{mark}m"),
            ] {
                assert!(email(&address).is_none() || agreed(&address), "{address}");
            }
        }
    }

    #[test]
    fn phone_numbers() {
        let phone = |answer| phone(answer, None);
        assert_eq!(phone("+31 (0)20 123-4567").as_deref(), Some("+31201234567"));
        assert_eq!(phone("0044 20 7946.0958").as_deref(), Some("+442079460958"));
        assert_eq!(phone("+1 (555) 010 9999").as_deref(), Some("+15550109999"));
        for wrong in
            ["020 123 4567", "+31", "+1234567890123456", "call me", "+31 20 x", "12+3456789", "++31201234567"]
        {
            assert_eq!(phone(wrong), None, "{wrong}");
        }
    }

    #[test]
    #[cfg(feature = "std")]
    fn phone_numbers_of_a_country() {
        for (country, answer, wanted) in [
            ("NL", "020 123 4567", Some("+31201234567")),
            ("nl", "06-12345678", Some("+31612345678")),
            ("DE", "030 901820", Some("+4930901820")),
            ("FR", "01 23 45 67 89", Some("+33123456789")),
            ("US", "(650) 253-0000", Some("+16502530000")),
            ("US", "011 31 20 123 4567", Some("+31201234567")),
            ("IT", "06 1234 5678", Some("+390612345678")),
            ("JP", "０３ー１２３４", None),
            ("EG", "٠١٠٠١٢٣٤٥٦٧", Some("+201001234567")),
            ("BR", "(11) 91234-5678", Some("+5511912345678")),
            ("NL", "+44 20 7946 0958", Some("+442079460958")),
            ("NL", "12345", None),
            ("NL", "020 123 456", None),
            ("NL", "020 123 4567 8901", None),
            ("NL", "call me", None),
            ("XX", "020 123 4567", None),
        ] {
            assert_eq!(phone(answer, Country::of(country)).as_deref(), wanted, "{country} {answer}");
        }
        assert!(reads_national(Country::of("nl").unwrap()));
        assert!(!reads_national(Country::of("XX").unwrap()));
        assert_eq!(Country::of("NLD"), None);
    }

    #[test]
    fn web_addresses() {
        assert_eq!(url("Acme.example/Pricing").as_deref(), Some("https://acme.example/Pricing"));
        assert_eq!(url("http://acme.example").as_deref(), Some("http://acme.example/"));
        assert_eq!(url("acme.example:8080/x").as_deref(), Some("https://acme.example:8080/x"));
        for wrong in [
            "acme",
            "ftp://acme.example",
            "javascript:alert(1)",
            "mailto:ada@acme.example",
            "I am at acme.example",
            "https://",
            "https://localhost",
            "1.234,5",
            "1.5",
            "1.234,5",
            "acme.",
        ] {
            assert_eq!(url(wrong), None, "{wrong}");
        }
    }
}
