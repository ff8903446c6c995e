//! The words with which people of a language say yes, no and "and".

use super::Language;

/// How the language joins two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum And {
    /// A word between blanks: `a and b`.
    Between(&'static [&'static str]),
    /// A word that needs no blanks: `甲和乙`.
    Anywhere(&'static [&'static str]),
    /// A word after a blank that may be joined to what follows: `أ وب`.
    Before(&'static [&'static str]),
}

impl And {
    /// The words, whatever stands around them.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            And::Between(words) | And::Anywhere(words) | And::Before(words) => words,
        }
    }
}

/// What people say for yes, for no, and between the last two of a list.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// What means yes.
    pub yes: &'static [&'static str],
    /// What means no.
    pub no: &'static [&'static str],
    /// What joins the last two of a list.
    pub and: And,
}

impl Language {
    /// The words with which people of the language say yes, no and "and". What means the other thing to some of them
    /// is left out: `no` is a casual yes in Polish.
    pub const fn words(self) -> Words {
        match self {
            Language::English | Language::Other => Words {
                yes: &["yes", "y", "yeah", "yep", "yup", "sure", "true"],
                no: &["no", "n", "nope", "nah", "false"],
                and: And::Between(&["and"]),
            },
            Language::Dutch => Words {
                yes: &["ja", "j", "jawel", "jazeker", "yes", "y"],
                no: &["nee", "neen", "n", "no"],
                and: And::Between(&["en"]),
            },
            Language::German => Words {
                yes: &["ja", "j", "jo", "jawohl", "jep", "klar", "yes", "y"],
                no: &["nein", "n", "nee", "nö", "no"],
                and: And::Between(&["und"]),
            },
            Language::French => Words {
                yes: &["oui", "o", "ouais", "si", "bien sûr", "yes", "y"],
                no: &["non", "n", "nan", "no"],
                and: And::Between(&["et"]),
            },
            Language::Spanish => Words {
                yes: &["sí", "si", "s", "claro", "yes", "y"],
                no: &["no", "n"],
                and: And::Between(&["y", "e"]),
            },
            Language::Italian => Words {
                yes: &["sì", "si", "si'", "s", "certo", "yes", "y"],
                no: &["no", "n"],
                and: And::Between(&["e", "ed"]),
            },
            Language::Portuguese => Words {
                yes: &["sim", "s", "claro", "yes", "y"],
                no: &["não", "nao", "n", "no"],
                and: And::Between(&["e"]),
            },
            Language::Polish => {
                Words { yes: &["tak", "t", "yes", "y"], no: &["nie", "n"], and: And::Between(&["i", "oraz"]) }
            }
            Language::Swedish => Words {
                yes: &["ja", "j", "jo", "japp", "jadå", "yes", "y"],
                no: &["nej", "n", "nä", "nejdå", "no"],
                and: And::Between(&["och"]),
            },
            Language::Japanese => Words {
                yes: &["はい", "ええ", "うん", "イエス", "yes", "y"],
                no: &["いいえ", "いえ", "ううん", "ノー", "no", "n"],
                and: And::Anywhere(&["と"]),
            },
            Language::Chinese => Words {
                yes: &["是", "是的", "对", "對", "好", "好的", "有", "要", "yes", "y"],
                no: &["否", "不", "不是", "不对", "不對", "没有", "沒有", "不要", "no", "n"],
                and: And::Anywhere(&["和", "与", "與", "及"]),
            },
            Language::Arabic => Words {
                yes: &["نعم", "أجل", "اجل", "بلى", "أيوه", "ايوه", "أيوة", "ايوة", "yes", "y"],
                no: &["لا", "كلا", "لأ", "no", "n"],
                and: And::Before(&["و"]),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn nothing_means_both() {
        for language in Language::ALL {
            let words = language.words();
            for yes in words.yes {
                assert!(!words.no.iter().any(|no| text::same(yes, no)), "{language:?} {yes}");
            }
        }
    }
}
