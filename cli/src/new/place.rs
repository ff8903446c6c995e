//! Writes a project to its folder: all of it, or nothing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::trouble::Trouble;

/// A file of a new project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Where it stands, from the project's folder, with `/` between folders.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Looks whether a project can go to a folder: it is not there, or nothing is in it (but a repository).
///
/// # Errors
/// If something is there.
pub fn refuse_what_is_there(dir: &Path) -> Result<(), Trouble> {
    let about = match fs::metadata(dir) {
        Ok(about) => about,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Trouble::at(dir, "read", &error)),
    };
    let other = || format!("Name a new folder, like: chatflow new {}", shell_word(&beside(dir)));
    if !about.is_dir() {
        return Err(Trouble::new(format!("`{}` is a file", dir.display())).help(other()));
    }
    let mut entries = fs::read_dir(dir).map_err(|error| Trouble::at(dir, "read", &error))?;
    if entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() != ".git")) {
        return Err(Trouble::new(format!("there are files in `{}`", dir.display())).help(other()));
    }
    Ok(())
}

/// A name like this one that is free.
fn beside(dir: &Path) -> String {
    let name = dir.display().to_string();
    let name = if name.ends_with('.') || dir.file_name().is_none() { "bot".to_owned() } else { name };
    let name = name.trim_end_matches(['/', '\\']);
    let numbered = (2_u32..100).map(|number| format!("{name}-{number}"));
    numbered.into_iter().find(|name| !Path::new(name).exists()).unwrap_or_else(|| format!("{name}-new"))
}

/// Writes the files of a project. Where something fails, nothing of it stays.
///
/// # Errors
/// If a file cannot be written.
pub fn write(dir: &Path, made: &[Made]) -> Result<(), Trouble> {
    let trouble = |error: &std::io::Error| Trouble::at(dir, "write", error);
    let is_there = dir.exists();
    let stage = if is_there {
        Stage(dir.join(stage_name("project")))
    } else {
        let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| trouble(&error))?;
        let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Stage(parent.join(stage_name(&name)))
    };
    for file in made {
        let path = stage.0.join(&file.path);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| trouble(&error))?;
        fs::write(&path, &file.text).map_err(|error| trouble(&error))?;
    }
    if is_there { unpack(&stage.0, dir) } else { fs::rename(&stage.0, dir) }.map_err(|error| trouble(&error))
}

/// The folder where a project is put together; it goes when this does.
struct Stage(PathBuf);

impl Drop for Stage {
    fn drop(&mut self) {
        // It is gone already if all went well.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn stage_name(name: &str) -> String {
    format!(".{name}.{}.new", std::process::id())
}

/// Moves what stands in the stage to the folder around it, or back again.
fn unpack(stage: &Path, dir: &Path) -> std::io::Result<()> {
    let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
    let mut all = || -> std::io::Result<()> {
        for entry in fs::read_dir(stage)? {
            let entry = entry?;
            let to = dir.join(entry.file_name());
            fs::rename(entry.path(), &to)?;
            moved.push((entry.path(), to));
        }
        Ok(())
    };
    let done = all();
    if done.is_err() {
        // What cannot be moved back either was never ours to lose: it is a copy of a template.
        moved.iter().for_each(|(from, to)| drop(fs::rename(to, from)));
    }
    done
}

/// A path as a shell reads it.
pub fn shell_word(path: &str) -> String {
    let plain =
        |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | '/' | ':' | '+' | ',' | '@');
    if !path.is_empty() && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}
