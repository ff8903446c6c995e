//! The words of the action table: what actions name, what they are given, what becomes of them.

/// Declares a closed list of words, in the order of their numbers in a program: new ones come last.
macro_rules! words {
    ($(#[doc = $about:literal])* $list:ident: $($(#[doc = $doc:literal])* $name:ident $word:literal;)*) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $list { $($(#[doc = $doc])* $name,)* }

        impl $list {
            /// All of them, in the order of their numbers in a program.
            pub const ALL: &'static [$list] = &[$($list::$name,)*];

            /// How a flow writes it.
            pub const fn word(self) -> &'static str {
                match self { $($list::$name => $word,)* }
            }

            /// The one that a flow writes like this.
            pub fn named(word: &str) -> Option<$list> {
                $list::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// The kinds of things an action can name.
    ObjectKind:
    /// A team of users.
    Team "team";
    /// One user.
    User "user";
    /// A meeting link.
    Meeting "meeting";
    /// A ticket pipeline.
    Pipeline "pipeline";
    /// Whoever owns the contact.
    ContactOwner "contact owner";
    /// Nobody in particular: the inbox.
    Unassigned "unassigned";
    /// A static list of contacts.
    List "list";
    /// A kind of mail that contacts subscribe to.
    Subscription "subscription";
    /// A workflow of the CRM.
    Workflow "workflow";
    /// An article of the knowledge base.
    Article "article";
    /// A knowledge base.
    Knowledge "knowledge";
    /// A function that the host implements.
    Function "function";
    /// A server that is called by its address.
    Webhook "webhook";
    /// A value that the host keeps and no flow sees.
    Secret "secret";
}

impl ObjectKind {
    /// Whether it has a name that the workspace declares.
    pub const fn is_declared(self) -> bool {
        !matches!(self, ObjectKind::ContactOwner | ObjectKind::Unassigned | ObjectKind::Webhook)
    }

    /// Whether it has an id in the CRM. A function is the host's own, by its name.
    pub const fn has_id(self) -> bool {
        self.is_declared() && !matches!(self, ObjectKind::Function)
    }

    /// Whether chats can be handed to it.
    pub const fn is_people(self) -> bool {
        matches!(self, ObjectKind::Team | ObjectKind::User)
    }
}

words! {
    /// The settings of actions.
    Argument:
    /// What the people who take over are told.
    Note "note";
    /// A ticket's title.
    Subject "subject";
    /// A ticket's text.
    Body "body";
    /// How urgent a ticket is.
    Priority "priority";
    /// The stage of the pipeline where a ticket starts.
    Stage "stage";
    /// What is looked for.
    Question "question";
    /// What is done at an address.
    Method "method";
    /// What a server is told about the message.
    Headers "headers";
    /// What of an answer is stored.
    Save "save";
    /// Where a server may lead the chat.
    Next "next";
    /// Whether a server may ask the visitor.
    Asks "asks";
}

words! {
    /// The outcomes of actions.
    Outcome:
    /// A slot was booked.
    Booked "booked";
    /// The visitor does not want to.
    Declined "declined";
    /// The ticket exists.
    Created "created";
    /// A person took the chat.
    Taken "taken";
    /// Nobody is there.
    Unavailable "unavailable";
    /// The host could not do it, or its deadline passed.
    Failed "failed";
    /// What was shown helped.
    Helpful "helpful";
    /// What was shown did not help.
    NotHelpful "not_helpful";
    /// There is something to show.
    Found "found";
    /// What was found is what the visitor looked for.
    Solved "solved";
    /// Nothing was found, or nothing that helped.
    Unsolved "unsolved";
    /// A function has come to its value.
    Returned "returned";
    /// A server has answered.
    Ok "ok";
}

words! {
    /// What a value is for that an action hands the host by a name.
    Part:
    /// A parameter of a function.
    Parameter "parameter";
    /// The address of a server: exactly one, without a name.
    Address "address";
    /// A header of a message.
    Header "header";
    /// A key of a message's body.
    Body "body";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs hold the numbers of these.
    #[test]
    fn lists_stand_in_the_order_of_their_numbers() {
        assert!(ObjectKind::ALL.iter().enumerate().all(|(number, kind)| *kind as usize == number));
        assert!(Argument::ALL.iter().enumerate().all(|(number, argument)| *argument as usize == number));
        assert!(Part::ALL.iter().enumerate().all(|(number, part)| *part as usize == number));
        assert!(Outcome::ALL.iter().enumerate().all(|(number, outcome)| *outcome as usize == number));
    }

    #[test]
    fn words_are_found() {
        assert_eq!(Outcome::named("not_helpful"), Some(Outcome::NotHelpful));
        assert_eq!(ObjectKind::named("contact owner"), Some(ObjectKind::ContactOwner));
        assert_eq!(Argument::named("notes"), None);
    }
}
