//! Addresses that visitors type: e-mail, phone and web, validated and brought into one form.

use alloc::string::String;

use url::{Host, Url};

/// An e-mail address, its domain in lower case. The domain must have a dot.
pub(crate) fn email(answer: &str) -> Option<String> {
    let (local, domain) = answer.rsplit_once('@')?;
    if !(local_part(local) && domain_name(domain) && answer.len() <= 254) {
        return None;
    }
    let mut address = String::with_capacity(answer.len());
    address.push_str(local);
    address.push('@');
    domain.chars().flat_map(char::to_lowercase).for_each(|char| address.push(char));
    agreed(&address).then_some(address)
}

/// Whether the RFC's own grammar takes the address too.
#[cfg(feature = "std")]
fn agreed(address: &str) -> bool {
    email_address::EmailAddress::is_valid(address)
}

/// The structural check stands alone where the RFC's grammar is not built in.
#[cfg(not(feature = "std"))]
fn agreed(_address: &str) -> bool {
    true
}

fn local_part(local: &str) -> bool {
    let atom = |atom: &str| {
        !atom.is_empty() && atom.chars().all(|char| !char.is_ascii() && plain(char) || atext(char))
    };
    local.len() <= 64 && local.split('.').all(atom)
}

/// The characters that an unquoted local part may have.
fn atext(char: char) -> bool {
    char.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(char)
}

fn plain(char: char) -> bool {
    !char.is_whitespace() && !char.is_control()
}

fn domain_name(domain: &str) -> bool {
    let label = |label: &str| {
        let inner = |char: char| {
            char.is_ascii_alphanumeric() || char == '-' || (!char.is_ascii() && char.is_alphanumeric())
        };
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(inner)
    };
    let (rest, top) = match domain.rsplit_once('.') {
        Some(parts) => parts,
        None => return false,
    };
    let numeric = top.bytes().all(|byte| byte.is_ascii_digit());
    rest.split('.').all(label) && label(top) && top.len() >= 2 && !numeric
}

/// A phone number as E.164: `+` and 7 to 15 digits. It must be written with its country code.
pub(crate) fn phone(answer: &str) -> Option<String> {
    // `+31 (0)20` is written to be dialled in two ways; with the country code the zero goes.
    let answer = answer.replacen("(0)", "", 1);
    let mut digits = String::with_capacity(16);
    let mut plus = false;
    for char in answer.chars() {
        match char {
            '+' if digits.is_empty() && !plus => plus = true,
            '0'..='9' => digits.push(char),
            ' ' | '.' | '-' | '(' | ')' | '/' | '\u{a0}' | '\u{202f}' | '\u{2011}' | '\u{2013}' => {}
            _ => return None,
        }
    }
    let national = if plus { digits.as_str() } else { digits.strip_prefix("00")? };
    let fits = (7..=15).contains(&national.len()) && !national.starts_with('0');
    fits.then(|| alloc::format!("+{national}"))
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
        Host::Domain(domain) => domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.'),
        // A number alone would be read as the address of a machine.
        Host::Ipv4(_) | Host::Ipv6(_) => !bare,
    };
    let nobody = url.username().is_empty() && url.password().is_none();
    (scheme && host && nobody).then(|| String::from(url))
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
    fn phone_numbers() {
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
            "1.5",
            "acme.",
        ] {
            assert_eq!(url(wrong), None, "{wrong}");
        }
    }
}
