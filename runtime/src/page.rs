//! The normal form of a page's address, in which every test of it looks at it.
//!
//! Scheme and host are in lower case, the fragment, the scheme's own port and the slash at the path's end are
//! gone; the root's path is `/`.

use alloc::string::String;
use alloc::vec::Vec;

use url::{Position, Url, form_urlencoded};

/// The normal form of an absolute address, or `None` if it is none.
pub fn normal_url(address: &str) -> Option<String> {
    normal(address).map(String::from)
}

/// The normal form of a path: with a slash at its start and none at its end. Characters that cannot stand in an
/// address are percent-encoded, as in [`normal_url`].
pub fn normal_path(path: &str) -> Option<String> {
    let mut url = Url::parse("https://host/").ok()?;
    url.set_path(path.trim());
    without_end_slash(&mut url);
    Some(String::from(url.path()))
}

/// What an address in its normal form may begin with, as a flow writes it: its scheme and host in their form, and
/// the characters that cannot stand in an address percent-encoded.
pub fn normal_start(start: &str) -> String {
    let start = start.trim();
    let host_end = start.find("://").map(|at| {
        let rest = start.get(at + 3..).unwrap_or("");
        start.len() - rest.len() + rest.find(['/', '?']).unwrap_or(rest.len())
    });
    let (origin, rest) = start.split_at_checked(host_end.unwrap_or(0)).unwrap_or(("", start));
    let origin = match Url::parse(origin) {
        Ok(url) if url.origin().is_tuple() => url.origin().ascii_serialization(),
        Ok(_) | Err(_) => String::from(origin),
    };
    origin + &normal_part(rest)
}

/// What an address in its normal form may end with: a path has no slash at its end.
pub fn normal_end(end: &str) -> String {
    let end = normal_part(end);
    match end.starts_with('/') && end.len() > 1 {
        true => String::from(end.trim_end_matches('/')),
        false => end,
    }
}

/// A part of an address: characters that cannot stand in one are percent-encoded.
pub fn normal_part(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for char in part.trim().chars() {
        match char {
            ' ' | '"' | '<' | '>' | '`' | '\u{7f}'.. | ..'\u{20}' => {
                let mut bytes = [0; 4];
                out.extend(percent_encoded(char.encode_utf8(&mut bytes)));
            }
            plain => out.push(plain),
        }
    }
    out
}

/// `%C3%BC` for `ü`.
fn percent_encoded(text: &str) -> impl Iterator<Item = char> {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    text.bytes().flat_map(move |byte| ['%', digit(byte >> 4), digit(byte & 15)])
}

fn normal(address: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok()?;
    url.set_fragment(None);
    without_end_slash(&mut url);
    Some(url)
}

fn without_end_slash(url: &mut Url) {
    if url.cannot_be_a_base() || !url.path().ends_with('/') {
        return;
    }
    let path = String::from(url.path().trim_end_matches('/'));
    url.set_path(&path);
    if url.path().is_empty() {
        url.set_path("/");
    }
}

/// A page's address, taken apart once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// The whole address.
    pub(crate) url: String,
    /// The address without its query.
    pub(crate) address: String,
    pub(crate) host: Option<String>,
    pub(crate) path: Option<String>,
    /// The query's names and values, decoded, in their order.
    query: Vec<(String, String)>,
}

impl Page {
    /// Takes an address apart. One that cannot be parsed is used as it is.
    pub(crate) fn of(address: &str) -> Page {
        match normal(address.trim()) {
            Some(url) => Page {
                address: String::from(&url[..Position::AfterPath]),
                host: url.host_str().map(String::from),
                path: Some(String::from(url.path())),
                query: pairs(url.query().unwrap_or("")),
                url: String::from(url),
            },
            None => Page::as_it_is(address.trim()),
        }
    }

    fn as_it_is(address: &str) -> Page {
        let shown = address.split('#').next().unwrap_or("");
        let (before, query) = shown.split_once('?').unwrap_or((shown, ""));
        Page {
            url: String::from(shown),
            address: String::from(before),
            host: None,
            path: if before.starts_with('/') { normal_path(before) } else { None },
            query: pairs(query),
        }
    }

    /// The first value of a name in the query; one that is there without a value is `""`.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_have_one_form() {
        let form = |address| normal_url(address).unwrap();
        assert_eq!(
            form("HTTPS://Acme.Example:443/Pricing/?plan=pro#chat-open"),
            "https://acme.example/Pricing?plan=pro"
        );
        assert_eq!(form("https://acme.example"), "https://acme.example/");
        assert_eq!(form("https://acme.example/?a=b"), "https://acme.example/?a=b");
        assert_eq!(form("https://acme.example//"), "https://acme.example/");
        assert_eq!(form("http://acme.example:8080/a/"), "http://acme.example:8080/a");
        assert_eq!(normal_url("acme.example/pricing"), None);
        assert_eq!(normal_path("pricing/").as_deref(), Some("/pricing"));
        assert_eq!(normal_path("").as_deref(), Some("/"));
    }

    #[test]
    fn a_page_is_taken_apart() {
        let page = Page::of("https://acme.example/pricing/?plan=pro%20max&plan=other&empty&x=#y");
        assert_eq!(page.address, "https://acme.example/pricing");
        assert_eq!(page.host.as_deref(), Some("acme.example"));
        assert_eq!(page.path.as_deref(), Some("/pricing"));
        assert_eq!(page.query("plan"), Some("pro max"));
        assert_eq!(page.query("empty"), Some(""));
        assert_eq!(page.query("Plan"), None);
    }

    #[test]
    fn what_is_no_address_is_used_as_it_is() {
        let page = Page::of("/pricing/?plan=pro#top");
        assert_eq!((page.url.as_str(), page.address.as_str()), ("/pricing/?plan=pro", "/pricing/"));
        assert_eq!((page.host.as_deref(), page.path.as_deref()), (None, Some("/pricing")));
        assert_eq!(page.query("plan"), Some("pro"));
    }

    #[test]
    fn parts_of_addresses_have_a_form_too() {
        assert_eq!(
            normal_start("HTTPS://Acme.Example:443/Preise für"),
            "https://acme.example/Preise%20f%C3%BCr"
        );
        assert_eq!(normal_start("https://bücher.example"), "https://xn--bcher-kva.example");
        assert_eq!(normal_start("https://acme.example?x"), "https://acme.example?x");
        assert_eq!(normal_start("/legal/"), "/legal/");
        assert_eq!(normal_start("://"), "://");
        assert_eq!(normal_end("/pricing/"), "/pricing");
        assert_eq!(normal_end("/"), "/");
        assert_eq!(normal_end("acme.example/"), "acme.example/");
        assert_eq!(normal_part("/über?a=b"), "/%C3%BCber?a=b");
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own(address in "(https?|HTTP|ftp|file)://[A-Za-z.]{0,8}(:[0-9]{1,4})?[/a-z.?#%A ]{0,12}") {
            if let Some(form) = normal_url(&address) {
                let again = normal_url(&form);
                prop_assert_eq!(again.as_deref(), Some(form.as_str()));
            }
        }

        #[test]
        fn an_address_begins_with_what_it_begins_with(path in "[/a-zü ]{0,6}", more in "[a-zü]{1,4}") {
            let address = alloc::format!("https://Acme.example:443/{path}");
            let whole = normal_url(&alloc::format!("{address}{more}")).unwrap();
            // Two slashes in a row and blanks at the end are for the parser alone.
            if !address.ends_with(' ') {
                let start = normal_start(&address);
                prop_assert!(whole.starts_with(&start), "{whole} {start}");
            }
        }

        #[test]
        fn no_text_is_too_odd(address: String) {
            let _ = (normal_url(&address), normal_path(&address), Page::of(&address));
        }
    }
}
