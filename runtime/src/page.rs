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

    proptest! {
        #[test]
        fn the_normal_form_is_its_own(address in "(https?|HTTP|ftp|file)://[A-Za-z.]{0,8}(:[0-9]{1,4})?[/a-z.?#%A ]{0,12}") {
            if let Some(form) = normal_url(&address) {
                let again = normal_url(&form);
                prop_assert_eq!(again.as_deref(), Some(form.as_str()));
            }
        }

        #[test]
        fn no_text_is_too_odd(address: String) {
            let _ = (normal_url(&address), normal_path(&address), Page::of(&address));
        }
    }
}
