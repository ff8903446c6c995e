//! The plans of a workspace, and what each of them has: the actions say it in their rows, everything else here.

/// A plan; each has what those before it have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plan {
    /// Everything that no other plan names.
    Free,
    /// Lists of contacts.
    Starter,
    /// Branches, knowledge, workflows, surveys.
    Professional,
    /// Nothing more, for now.
    Enterprise,
}

impl Plan {
    /// Every plan, the smallest first.
    pub const ALL: &'static [Plan] = &[Plan::Free, Plan::Starter, Plan::Professional, Plan::Enterprise];

    /// The word for it in a workspace.
    pub const fn word(self) -> &'static str {
        match self {
            Plan::Free => "free",
            Plan::Starter => "starter",
            Plan::Professional => "professional",
            Plan::Enterprise => "enterprise",
        }
    }

    /// The plan with this word.
    pub fn named(word: &str) -> Option<Plan> {
        Plan::ALL.iter().copied().find(|plan| plan.word() == word)
    }
}

/// What needs a plan and is no action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// A branch on a condition.
    Branch,
    /// What is tested on each message.
    Anytime,
    /// The survey at a chat's end.
    Survey,
}

/// One row of the table.
#[derive(Debug)]
pub struct FeatureSpec {
    /// How a flow writes it.
    pub words: &'static str,
    /// The smallest plan that has it.
    pub plan: Plan,
    /// One sentence.
    pub doc: &'static str,
}

impl Feature {
    /// Every feature.
    pub const ALL: &'static [Feature] = &[Feature::Branch, Feature::Anytime, Feature::Survey];

    /// The feature's row.
    pub const fn spec(self) -> FeatureSpec {
        match self {
            Feature::Branch => FeatureSpec {
                words: "if",
                plan: Plan::Professional,
                doc: "Branches on a condition; arrows on choices and outcomes are none, and `skip when` is none.",
            },
            Feature::Anytime => FeatureSpec {
                words: "anytime",
                plan: Plan::Professional,
                doc: "Tests each message of the visitor.",
            },
            Feature::Survey => FeatureSpec {
                words: "survey",
                plan: Plan::Professional,
                doc: "Offers a survey when the chat ends; declaring one needs no plan.",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_ascend_and_are_found_by_their_words() {
        assert!(Plan::ALL.is_sorted());
        assert!(Plan::ALL.iter().all(|plan| Plan::named(plan.word()) == Some(*plan)));
        assert_eq!(Plan::named("gold"), None);
    }
}
