//! What a line of a chat means: something to say, or an order to the machinery.

use chatflow_runtime::action::{Action, Outcome};

/// A line, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order<'l> {
    /// Nothing stands there.
    Nothing,
    /// The visitor says this.
    Say(&'l str),
    /// The visitor agrees.
    Agree,
    /// This becomes of the action that is waited for, and the host says this with it.
    Outcome(Outcome, &'l str),
    /// Time passes, in milliseconds.
    Wait(i64),
    /// Time passes, but nobody can say how much.
    NoTime,
    /// The next such action fails.
    Fail(&'l str),
    /// The person who has the chat closes it.
    Closed,
    /// What may be typed.
    Help,
    /// Enough.
    Quit,
    /// An order that there is not.
    Unknown(&'l str),
}

/// What `/help` says.
pub const HELP: &[(&str, &str)] = &[
    ("/agree", "agree to the processing of what you say"),
    ("/booked /declined /failed", "what becomes of a meeting that is offered"),
    ("/helpful /not_helpful", "whether an article that is shown helped"),
    ("/found TITLE", "a search finds this article; /solved, /unsolved or /failed instead"),
    ("/returned 49.5", "a function comes to this; or /failed"),
    ("/ok {\"total\": 49.5}", "a server answers this; or /failed"),
    ("/fail create ticket", "the next such action fails; /fail hand off to, too"),
    ("/wait 31m", "let time pass: ms, s, m, h or d"),
    ("/closed", "the person who took the chat closes it"),
    ("//text", "say something that begins with a slash"),
    ("/quit", "leave"),
];

/// Reads a line.
pub fn read(line: &str) -> Order<'_> {
    let line = line.trim();
    if line.is_empty() {
        return Order::Nothing;
    }
    let Some(order) = line.strip_prefix('/') else { return Order::Say(line) };
    if order.starts_with('/') {
        return Order::Say(order);
    }
    let (word, rest) = order.split_once(char::is_whitespace).unwrap_or((order, ""));
    match word {
        "agree" => Order::Agree,
        "closed" => Order::Closed,
        "help" => Order::Help,
        "quit" | "exit" => Order::Quit,
        "wait" => duration(rest.trim()).map_or(Order::NoTime, Order::Wait),
        "fail" => Order::Fail(rest.trim()),
        word => {
            Outcome::named(word).map_or(Order::Unknown(line), |outcome| Order::Outcome(outcome, rest.trim()))
        }
    }
}

/// The action that `/fail` names, and whom or what it is for: `create ticket`, `hand off to team sales`.
pub fn action(words: &str) -> Option<(Action, Option<&str>)> {
    let said = words.split_whitespace().collect::<Vec<_>>();
    let fits = |action: &&Action| {
        // `hand off` is enough where nobody is named.
        let head = action.spec().head;
        let short = head.strip_suffix(" to").unwrap_or(head);
        said.join(" ") == short || format!("{} ", said.join(" ")).starts_with(&format!("{head} "))
    };
    let action = Action::ALL.iter().find(fits)?;
    let head = action.spec().head.split_whitespace().count();
    Some((*action, said.get(head..).and_then(<[_]>::last).copied()))
}

/// A length of time as flows write it: `31m`.
pub fn duration(text: &str) -> Option<i64> {
    let unit_at = text.find(|char: char| !char.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(unit_at)?;
    let milliseconds = match unit.trim() {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(milliseconds)
}

#[cfg(test)]
mod tests {
    use chatflow_runtime::action::Unattended;

    use super::*;

    #[test]
    fn help_has_every_outcome_that_somebody_must_say() {
        let orders: Vec<&str> =
            HELP.iter().flat_map(|(order, what)| order.split(' ').chain(what.split(' '))).collect();
        for action in Action::ALL.iter().map(|action| action.spec()) {
            let waits = matches!(action.unattended, Unattended::Waits | Unattended::Answers(_));
            for row in action.outcomes.iter().filter(|_| waits) {
                let order = format!("/{}", row.outcome.word());
                let has = orders.iter().any(|known| known.trim_end_matches([',', ';']) == order);
                assert!(has, "{order} of `{}` is not in the help", action.head);
            }
        }
        for (order, _) in HELP {
            for word in order.split(' ').filter(|word| word.starts_with('/') && !word.starts_with("//")) {
                assert!(!matches!(read(word), Order::Unknown(_)), "{word}");
            }
        }
    }

    #[test]
    fn lines_are_read() {
        assert_eq!(read("  "), Order::Nothing);
        assert_eq!(read(" hi there "), Order::Say("hi there"));
        assert_eq!(read("//pricing"), Order::Say("/pricing"));
        assert_eq!(read("/booked"), Order::Outcome(Outcome::Booked, ""));
        let found = Order::Outcome(Outcome::Found, "Reset your password");
        assert_eq!(read("/found Reset your password"), found);
        assert_eq!(read("/wait 31m"), Order::Wait(31 * 60_000));
        assert_eq!(read("/wait 800 ms"), Order::Wait(800));
        assert_eq!(read("/wait"), Order::NoTime);
        assert_eq!(read("/wait 5"), Order::NoTime);
        assert_eq!(read("/wait 99999999999999999d"), Order::NoTime);
        assert_eq!(read("/fail create ticket"), Order::Fail("create ticket"));
        assert_eq!(read("/dance"), Order::Unknown("/dance"));
    }

    #[test]
    fn actions_are_named_as_in_tests() {
        assert_eq!(action("create ticket"), Some((Action::CreateTicket, None)));
        assert_eq!(action("create  ticket support"), Some((Action::CreateTicket, Some("support"))));
        assert_eq!(action("hand off"), Some((Action::HandOff, None)));
        assert_eq!(action("hand off to"), Some((Action::HandOff, None)));
        assert_eq!(action("hand off to team sales"), Some((Action::HandOff, Some("sales"))));
        assert_eq!(action("create tickets"), None);
        assert_eq!(action(""), None);
    }
}
