//! A Python module as long as a flow, for a checker of Python: functions such as people write, with a few findings.

use crate::generate::Dice;

const NOUNS: [&str; 8] =
    ["pricing", "invoice", "delivery", "contract", "upgrade", "refund", "training", "renewal"];

/// A module of so many lines. In every tenth function a name is unknown, and one is never used.
pub(super) fn module(lines: usize) -> String {
    let mut dice = Dice(3);
    let mut text = "\"\"\"Helps visitors.\"\"\"\n\nimport datetime\nimport os\nimport re\n\n".to_owned();
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
def {one}_{number}(contact, company, budget, answer="{two} ({bound})"):
    """Here the visitor wants to compare the {one} and the {two} ({bound})."""
    # What the visitor said decides where this goes.
    bound = {bound}
    {unused}
    if company.employees >= {bound} and contact.stage == "customer":
        return f"Now let us compare the {one} of {{contact.firstname or 'there'}} ({number})."
    elif {unknown}.employees > 10 or (budget < {bound}.50 and "price" in answer):
        names = ["{one}", "the new {two}", "{three}-{number}"]
        for nth, name in enumerate(names):
            if re.match(r"^[a-z]+-{number}$", name):
                contact.notes.append({{"name": name, "nth": nth, "at": datetime.date.today()}})
    else:
        contact.budget = budget * {bound} + len(answer)
        total = sum(value.amount for value in company.deals if value.stage is not None)
        print("About", answer, "we shall discuss the urgent {three} of", total)
    return {{"next": "{two}_{number}", "employees": company.employees, "bound": bound}}

"#
    )
}
