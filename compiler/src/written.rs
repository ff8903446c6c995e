//! How flows write what programs hold by number.

use chatflow_runtime::fact::{FACTS, FactKind, FactType};
use chatflow_runtime::id::{Object, Str};
use chatflow_runtime::image::Image;

/// A fact as a flow writes it: `page.query.plan`, `team sales is available`.
pub(crate) fn written_fact(image: &Image, kind: FactKind) -> String {
    let text = |at: Str| image.strings.get(at);
    let object = |at: Object| image.objects.get(at.index()).map_or("", |object| text(object.name));
    match kind {
        FactKind::PageAddress => "page.url".to_owned(),
        FactKind::PageQuery(name) => format!("page.query.{}", text(name)),
        FactKind::ContactKnown => "contact is known".to_owned(),
        FactKind::TeamAvailable(team) => format!("team {} is available", object(team)),
        FactKind::UserAvailable(user) => format!("user {} is available", object(user)),
        FactKind::InboxOpen(inbox) => {
            let inbox = image.flow.inboxes.get(inbox.index());
            format!("inbox {} is open", inbox.map_or("", |inbox| text(inbox.name)))
        }
        FactKind::InList(list) => format!("contact is in list {}", object(list)),
        FactKind::PageUrl
        | FactKind::PageHost
        | FactKind::PagePath
        | FactKind::PageTitle
        | FactKind::PageLanguage
        | FactKind::PageSeconds
        | FactKind::PageScrolled
        | FactKind::VisitorDevice
        | FactKind::VisitorCountry
        | FactKind::VisitorLanguage
        | FactKind::VisitorReturning
        | FactKind::VisitorPages
        | FactKind::Today
        | FactKind::Now => {
            FACTS.iter().find(|spec| spec.kind == kind).map_or("", |spec| spec.name).to_owned()
        }
    }
}

/// What a fact's value is.
pub(crate) fn fact_value(kind: FactKind) -> FactType {
    match kind {
        FactKind::ContactKnown
        | FactKind::TeamAvailable(_)
        | FactKind::UserAvailable(_)
        | FactKind::InboxOpen(_)
        | FactKind::InList(_) => FactType::Condition,
        FactKind::PageAddress | FactKind::PageQuery(_) => FactType::Text,
        plain => FACTS.iter().find(|spec| spec.kind == plain).map_or(FactType::Text, |spec| spec.value),
    }
}
