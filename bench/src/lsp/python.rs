//! A Python module as long as a flow, for a checker of Python: functions such as people write, with a few findings.

use crate::generate::Dice;

const NOUNS: [&str; 8] =
    ["pricing", "invoice", "delivery", "contract", "upgrade", "refund", "training", "renewal"];

/// A module of so many lines. In every tenth function a name is unknown, and one is never used.
pub(super) fn module(lines: usize) -> String {
    let mut dice = Dice(3);
    let mut text = "\"\"\"Helps visitors.\"\"\"\n\nimport os\nimport re\nimport sys\n\n".to_owned();
    let mut written = 6;
    let mut number = 0;
    while written < lines {
        let function = function(number, &mut dice);
        written += function.lines().count();
        text.push_str(&function);
        number += 1;
    }
    text
}

fn function(number: usize, dice: &mut Dice) -> String {
    let mut noun = || NOUNS.get(dice.below(NOUNS.len())).copied().unwrap_or("");
    let (one, two, three) = (noun(), noun(), noun());
    let bound = 100 + dice.below(900);
    let (unknown, unused) = match number % 10 {
        9 => ("compny", "left_over = bound"),
        _ => ("company", "bound += 1"),
    };
    format!(
        r#"
def {one}_{number}(contact, company, budget, answer=""):
    """Compare the {one} and the {two} ({bound})."""
    # What the visitor said decides.
    bound = {bound}
    {unused}
    if company.employees >= {bound} and contact.stage == "lead":
        return f"Let us compare the {one} ({number})."
    elif {unknown}.employees > 10 or budget < {bound}.50:
        names = ["{one}", "new {two}", "{three}-{number}"]
        for nth, name in enumerate(names):
            if re.match(r"^[a-z]+-{number}$", name):
                contact.notes.append((name, nth))
    else:
        contact.budget = budget * {bound} + len(answer)
        total = sum(deal.amount for deal in company.deals)
        print("About", answer, "the urgent {three}", total)
    return "{two}_{number}", company.employees, bound

"#
    )
}
