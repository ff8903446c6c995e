//! The operators of comparisons, each declared once.

use crate::types::Ty;

macro_rules! operators {
    ($($name:ident $words:literal, $negated:literal, $on:literal: $doc:literal;)*) => {
        /// An operator of comparisons.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each variant's meaning is its row's `doc`")]
        pub enum Operator { $($name,)* }

        impl Operator {
            /// Every operator.
            pub const ALL: &'static [Operator] = &[$(Operator::$name,)*];

            /// The operator's row.
            pub const fn spec(self) -> OperatorSpec {
                match self {
                    $(Operator::$name => {
                        OperatorSpec { words: $words, negated: $negated, on: $on, doc: $doc }
                    })*
                }
            }
        }
    };
}

/// One row of the table.
#[derive(Debug)]
pub struct OperatorSpec {
    /// How a flow writes it.
    pub words: &'static str,
    /// How a flow writes its opposite.
    pub negated: &'static str,
    /// What it compares.
    pub on: &'static str,
    /// When it holds.
    pub doc: &'static str,
}

operators! {
    Is "is", "is not", "all values": "The sides are equal; texts ignoring case and space around.";
    IsExactly "is exactly", "is not exactly", "texts": "The texts are the same to the letter.";
    IsAnyOf "is any of", "is none of", "all values": "It is one of them; of several options, one is among them.";
    IsKnown "is known", "is unknown", "all values, and `contact`": "There is a value. Never unknown itself.";
    IsAvailable "is available", "is not available", "teams and users": "Somebody could take a chat now.";
    IsOpen "is open", "is not open", "inboxes": "Now is within its hours.";
    IsBefore "is before", "is not before", "dates": "The left one comes first.";
    IsAfter "is after", "is not after", "dates": "The left one comes later.";
    IsBetween "is between", "is not between", "numbers, dates, durations": "It lies between the two, both ends included.";
    Contains "contains", "does not contain", "texts": "The right text is in the left one.";
    StartsWith "starts with", "not … starts with", "texts": "The left text begins with the right one.";
    EndsWith "ends with", "not … ends with", "texts": "The left text ends with the right one.";
    Includes "includes", "not … includes", "several options": "The option is one of them.";
    IncludesAll "includes all", "not … includes all", "several options": "Each option of the list is one of them.";
    Matches "matches", "not … matches", "texts": "The text has the form of the pattern: wildcards in quotes, or a regular expression between slashes.";
    IsIn "is in list", "is not in list", "`contact`": "The contact is in the list. Never unknown itself.";
    Less "<", ">=", "numbers, dates, durations": "The left one is less.";
    LessOrEqual "<=", ">", "numbers, dates, durations": "The left one is less or equal.";
    Greater ">", "<=", "numbers, dates, durations": "The left one is greater.";
    GreaterOrEqual ">=", "<", "numbers, dates, durations": "The left one is greater or equal.";
}

impl Operator {
    /// Whether a value of this type may stand left of it. What is said of a team, an inbox or the contact itself is said
    /// of no value.
    pub fn fits(self, ty: &Ty) -> bool {
        match self {
            Operator::Is | Operator::IsAnyOf | Operator::IsKnown => true,
            Operator::IsExactly
            | Operator::Contains
            | Operator::StartsWith
            | Operator::EndsWith
            | Operator::Matches => ty.is_text(),
            Operator::Includes | Operator::IncludesAll => matches!(ty, Ty::ManyOf(_) | Ty::Error),
            Operator::IsBefore | Operator::IsAfter => matches!(ty, Ty::Date | Ty::DateTime | Ty::Error),
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::IsBetween => ty.is_ordered(),
            Operator::IsAvailable | Operator::IsOpen | Operator::IsIn => false,
        }
    }
}
