//! Users and teams, from the owners of a CRM.

use std::collections::BTreeMap;

use crate::import::Export;
use crate::import::hubspot::{self, OwnerJson, page};
use crate::import::ids::Ids;
use crate::import::report::Tally;
use crate::import::write::{Declared, Team, User};
use crate::names::{self, Taken};
use crate::trouble::Trouble;

/// The users and teams that exports of owners become.
///
/// # Errors
/// If one of them is no list.
pub fn read(exports: &[Export], ids: &Ids, tally: &mut Tally) -> Result<Declared, Trouble> {
    let mut owners: Vec<OwnerJson> = Vec::new();
    for export in exports {
        for entry in page(export)?.results {
            match hubspot::read::<OwnerJson>(entry) {
                Err((name, reason)) => tally.skipped(&name, &reason),
                Ok(owner) if owner.archived == Some(true) => tally.skipped(&title(&owner), "archived"),
                Ok(owner) if owner.kind.as_deref() == Some("QUEUE") => {
                    tally.skipped(&title(&owner), "a queue, which is nobody");
                }
                Ok(owner) if owners.iter().any(|other| other.id == owner.id) => {
                    tally.skipped(&title(&owner), "listed twice");
                }
                Ok(owner) => owners.push(owner),
            }
        }
    }
    owners.sort_by_key(|owner| (title(owner), owner.id.clone()));
    let names = user_names(&owners, ids);
    let users = owners.iter().zip(&names).map(|(owner, name)| {
        tally.imported(&format!("user {name}"), &["without their seat, which the export does not say"]);
        User { name: name.clone(), title: title(owner), id: owner.id.clone() }
    });
    let users = users.collect();
    Ok(Declared { users, teams: teams(&owners, &names, ids, tally), ..Declared::default() })
}

/// How people call an owner.
fn title(owner: &OwnerJson) -> String {
    let address = || owner.email.clone().unwrap_or_else(|| format!("Owner {}", owner.id));
    full_name(owner).unwrap_or_else(address)
}

fn full_name(owner: &OwnerJson) -> Option<String> {
    let names = [&owner.first_name, &owner.last_name].into_iter().flatten();
    let full = names.map(|name| name.trim()).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    (!full.is_empty()).then_some(full)
}

/// The names that the environment has; else first names where they tell people apart, else whole names.
fn user_names(owners: &[OwnerJson], ids: &Ids) -> Vec<String> {
    let first = |owner: &OwnerJson| owner.first_name.as_deref().and_then(names::made);
    let mut taken = Taken::of(ids.names("user"));
    let name = |owner: &OwnerJson| {
        if let Some(known) = ids.name_of("user", &owner.id) {
            return known.to_owned();
        }
        let first_name = first(owner);
        let alone = owners.iter().filter(|other| first(other) == first_name).count() == 1;
        let address = owner.email.as_deref().and_then(|email| email.split('@').next());
        let candidates = [
            first_name.filter(|_| alone),
            full_name(owner).as_deref().and_then(names::made),
            address.and_then(names::made),
        ];
        let mut candidates: Vec<String> = candidates.into_iter().flatten().collect();
        if candidates.is_empty() {
            candidates.extend(names::made(&format!("user_{}", owner.id)));
        }
        taken.take(&candidates)
    };
    owners.iter().map(name).collect()
}

fn teams(owners: &[OwnerJson], names: &[String], ids: &Ids, tally: &mut Tally) -> Vec<Team> {
    let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (owner, name) in owners.iter().zip(names) {
        for team in owner.teams.iter().flatten() {
            let members = found.entry((team.name.clone(), team.id.clone())).or_default();
            if !members.contains(name) {
                members.push(name.clone());
            }
        }
    }
    let mut taken = Taken::of(ids.names("team"));
    let teams = found.into_iter().map(|((title, id), members)| {
        let made = || names::made(&title).or_else(|| names::made(&format!("team_{id}")));
        let name = match ids.name_of("team", &id) {
            Some(known) => known.to_owned(),
            None => taken.take(&[made().unwrap_or_else(|| "team".to_owned())]),
        };
        tally.imported(&format!("team {name}"), &[]);
        Team { name, title, members, id }
    });
    teams.collect()
}
