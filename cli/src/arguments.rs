//! What can be typed after `chatflow`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::check::CheckFormat;
use crate::deploy::diff::DiffFormat;
use crate::import::Object;
use crate::levels::LevelArguments;
use crate::render::Format;
use crate::streams::Colour;
use crate::test::TestFormat;

/// A language for conversations.
#[derive(Debug, Parser)]
#[command(name = "chatflow", version, arg_required_else_help = true, after_help = EXAMPLES, propagate_version = true)]
pub struct Arguments {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Colour,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  chatflow new shop                   make a project from a template
  chatflow check                      find mistakes in the flows of this folder
  chatflow run hello.flow             chat with a bot in the terminal
  chatflow test --filter sales        run the tests whose name has `sales` in it
  chatflow build hello.flow           write hello.flowc
  chatflow explain E0201              what an error means and how to mend it

Exit codes:
  0    all is well
  1    errors in a flow, denied warnings, failed tests, or a --diff or fmt --check that finds something
  2    wrong usage, or a file that cannot be read or written
  101  a bug in chatflow";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a project from a template
    New(NewArguments),
    /// Find mistakes
    Check(CheckArguments),
    /// Give flows the canonical layout
    Fmt(FmtArguments),
    /// Compile flows to programs (.flowc)
    Build(BuildArguments),
    /// Compare two versions: what becomes of the chats that wait, and what visitors see otherwise
    Diff(DiffArguments),
    /// Say where recorded chats go on in a new version
    MigrateCheck(MigrateCheckArguments),
    /// Chat with a bot in the terminal, or drive it from another program
    Run(RunArguments),
    /// Run the tests of flows
    Test(TestArguments),
    /// Make a workspace file from what a CRM exports
    #[command(subcommand)]
    Import(ImportCommand),
    /// Keep the catalogues of other languages up to date
    #[command(subcommand)]
    I18n(I18nCommand),
    /// Show what is in a compiled flow
    Inspect(InspectArguments),
    /// Say what a diagnostic, or a word of the language, means
    Explain(ExplainArguments),
    /// Serve an editor: the language server, over standard input and output
    Lsp(LspArguments),
    /// Print the JSON Schema of chatflow.toml
    Schema,
    /// Print the completions of a shell
    Completions(CompletionsArguments),
    /// Write manual pages
    Man(ManArguments),
}

/// `chatflow new`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow new shop
  chatflow new shop --template concierge --language nl --users \"Ada Lovelace, Grace Hopper\"
  chatflow new demos --template meetings --meeting \"30-minute demo=https://meet.example/demo\"
  chatflow new --list

On a terminal it asks for what is not given, and Enter takes what it suggests.")]
pub struct NewArguments {
    /// The folder to make; the flow is named after it
    pub dir: Option<PathBuf>,
    /// What the bot is for; --list shows the templates
    #[arg(short, long, value_name = "NAME")]
    pub template: Option<String>,
    /// The language the bot speaks: en or nl
    #[arg(short, long, value_name = "TAG")]
    pub language: Option<String>,
    /// What people call the project; by default made of the folder's name
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The inbox that the chats go to
    #[arg(long, value_name = "TITLE")]
    pub inbox: Option<String>,
    /// The meeting to book: its link, its title, or both
    #[arg(long, value_name = "[TITLE=]LINK")]
    pub meeting: Option<String>,
    /// The people who answer chats, with commas between; may be repeated
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub users: Vec<String>,
    /// Ask nothing: take what is suggested for whatever is not given
    #[arg(short, long)]
    pub yes: bool,
    /// Show the templates
    #[arg(long, exclusive = true)]
    pub list: bool,
}

/// How diagnostics are written.
#[derive(Debug, Args)]
pub struct MessageArguments {
    /// How to write diagnostics
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub message_format: Format,
}

/// `chatflow check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow check
  chatflow check bots/hello.flow
  chatflow check --fix
  chatflow check --diff --unsafe-fixes
  chatflow check -D warnings -A E0402
  chatflow check --message-format sarif > chatflow.sarif")]
pub struct CheckArguments {
    /// A `.flow` file, or a folder: then the whole project it is in
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Do it again whenever a file of the project changes
    #[arg(short, long)]
    pub watch: bool,
    /// Also say where chats of the version in chatflow.lock would lose their place
    #[arg(long)]
    pub locked: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the struct says it")]
    pub levels: LevelArguments,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the struct says it")]
    pub fixes: FixArguments,
    /// How to write what was found
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub message_format: CheckFormat,
}

/// What becomes of fixes.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("fixing").multiple(false))]
pub struct FixArguments {
    /// Mend what can only have been meant one way, in the files
    #[arg(long, group = "fixing", conflicts_with = "watch")]
    pub fix: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, group = "fixing", conflicts_with_all = ["watch", "message_format"])]
    pub diff: bool,
    /// With --fix or --diff: also what may have been meant otherwise
    #[arg(long, requires = "fixing")]
    pub unsafe_fixes: bool,
}

/// `chatflow fmt`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow fmt
  chatflow fmt bots/hello.flow
  chatflow fmt --check
  chatflow fmt --diff bots
  chatflow fmt - < hello.flow")]
pub struct FmtArguments {
    /// `.flow` files, and folders: then the whole projects they are in; `-` is standard input
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Change nothing; say which files do not have the layout
    #[arg(long)]
    pub check: bool,
    /// Change nothing; show what would change
    #[arg(long)]
    pub diff: bool,
}

/// `chatflow build`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow build
  chatflow build bots/hello.flow -o out/hello.flowc --strip
  chatflow build --env production")]
pub struct BuildArguments {
    /// A `.flow` file, or a folder: then every flow of the project it is in
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Where to write: a file if it ends in `.flowc`, else a folder; by default beside each flow
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Leave out what is only needed to debug
    #[arg(long)]
    pub strip: bool,
    /// Write down the places of the flows in chatflow.lock, for `check --locked`
    #[arg(long)]
    pub update_lock: bool,
    /// Write the ids of an environment, a file in `env`, beside each program
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Option<String>,
    /// Do it again whenever a file of the project changes
    #[arg(short, long)]
    pub watch: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the struct says it")]
    pub messages: MessageArguments,
}

/// `chatflow diff`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow diff main
  chatflow diff v1.2:bots bots
  chatflow diff live/hello.flowc hello.flow --sessions counts.json
  chatflow diff main --message-format markdown > comment.md

A version is a `.flow` file, a compiled `.flowc` file, a folder, or a revision of git: `main` for the same path there,
`main:bots` for another. It ends with exit code 1 where chats would go back to the welcome because nobody has said where else.")]
pub struct DiffArguments {
    /// The version that chats wait in: a path, or a revision of git
    pub old: String,
    /// The version that they will go on with: a path, or a revision of git
    #[arg(default_value = ".")]
    pub new: String,
    /// How many chats wait where: a JSON file, `{\"need: ask\": 214}`
    #[arg(long, value_name = "FILE")]
    pub sessions: Option<PathBuf>,
    /// How to write what has changed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub message_format: DiffFormat,
}

/// `chatflow migrate-check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow migrate-check . sessions.jsonl
  chatflow migrate-check out/hello.flowc monday.jsonl tuesday.jsonl --old v1.2

A file has a chat on each line: a session as the line protocol writes it, alone or as `session` of a JSON object. It ends with
exit code 1 where chats go back to the welcome because nobody has said where else.")]
pub struct MigrateCheckArguments {
    /// The version that the chats go on with: a path, or a revision of git
    pub new: String,
    /// The chats, as JSON lines; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub sessions: Vec<PathBuf>,
    /// A version that they wait in, to call places that are gone by their names
    #[arg(long, value_name = "OLD")]
    pub old: Option<String>,
}

/// `chatflow run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow run hello.flow
  chatflow run bots --flow qualify_leads --visit https://acme.example/pricing --available sales
  chatflow run hello.flow --fact contact.email=ada@example.com --at 2026-01-05T10:00
  chatflow run hello.flow --language nl
  printf 'Ada\\n' | chatflow run hello.flow
  chatflow run hello.flow --record hello.flow
  chatflow run --json hello.flowc

In the chat, a line beginning with / is an order; /help lists them.")]
pub struct RunArguments {
    /// A `.flow` file, a compiled `.flowc` file, or a folder: then a flow of the project it is in
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Which of several flows to run
    #[arg(long, value_name = "NAME")]
    pub flow: Option<String>,
    /// Something the host knows: `contact.stage=lead`; may be repeated
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    pub facts: Vec<String>,
    /// Teams and users that could take the chat, or the `contact owner`: `sales,bo`; may be repeated
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub available: Vec<String>,
    /// The page the visitor is on; without it the flow's targeting is not looked at
    #[arg(long, value_name = "URL")]
    pub visit: Option<String>,
    /// The language to chat in: `nl`; without it, what --fact says of the page and the browser
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// When the chat takes place: `2026-01-05T10:00`, read in your own time zone if it names none; without it, now
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// End with a test of this chat: printed, or added to the flow's own FILE
    #[arg(
        long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["at", "json"]
    )]
    pub record: Option<PathBuf>,
    /// Speak the line protocol: a JSON object per line, in both directions
    #[arg(long)]
    pub json: bool,
}

/// `chatflow test`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow test
  chatflow test bots/qualify_leads.flow --filter \"a big team\"
  chatflow test --update
  chatflow test --message-format junit --lcov lcov.info > tests.xml")]
pub struct TestArguments {
    /// A `.flow` file, or a folder: then the tests of the whole project it is in
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Only the tests whose name contains this, ignoring case; coverage is left out then
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// How many tests run at once; by default as many as there are cores
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// How to write what came of the tests
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub message_format: TestFormat,
    /// Do it again whenever a file of the project changes
    #[arg(short, long)]
    pub watch: bool,
    /// Write the coverage to a file, in the format of lcov
    #[arg(long, value_name = "FILE")]
    pub lcov: Option<PathBuf>,
    /// Talk with each flow so many times at random, in search of a talk that goes wrong
    #[arg(long, value_name = "TALKS")]
    pub explore: Option<u32>,
    /// Where the random talks begin; the same seed gives the same talks
    #[arg(long, value_name = "N", requires = "explore", default_value_t = 1)]
    pub seed: u64,
    /// Rewrite the `bot` lines of failed tests to what the bot says
    #[arg(long)]
    pub update: bool,
    /// Rewrite them even where CI is set
    #[arg(long, requires = "update")]
    pub force: bool,
}

/// `chatflow import`.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Properties of contacts and companies, and their validation rules
    HubspotProperties(PropertiesArguments),
    /// Users and teams
    HubspotOwners(ImportArguments),
    /// Meetings
    HubspotMeetings(ImportArguments),
}

impl ImportCommand {
    /// What every import takes.
    pub fn common(&self) -> &ImportArguments {
        match self {
            ImportCommand::HubspotProperties(arguments) => &arguments.common,
            ImportCommand::HubspotOwners(common) | ImportCommand::HubspotMeetings(common) => common,
        }
    }
}

/// `chatflow import hubspot-properties`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow import hubspot-properties contacts.json companies.json -o acme.flow --title \"Acme Inc.\"
  chatflow import hubspot-properties contacts.json contact-validations.json
  chatflow import hubspot-properties properties.json --object contact --append acme.flow

The files are answers of the API: GET /crm/v3/properties/contacts, or its dated form
GET /crm/properties/2026-03/contacts; and GET /crm/v3/property-validations/0-1.")]
pub struct PropertiesArguments {
    /// What the properties belong to, where the files do not say it
    #[arg(long, value_enum, value_name = "OBJECT")]
    pub object: Option<Object>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the struct says it")]
    pub common: ImportArguments,
}

/// `chatflow import …`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow import hubspot-owners owners.json
  chatflow import hubspot-meetings meetings.json --append acme.flow --env production

The files are answers of the API: GET /crm/v3/owners, GET /scheduler/v3/meetings/meeting-links.")]
pub struct ImportArguments {
    /// The API's answers, as JSON; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The file to write; without it, standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// A workspace file to add to; what it declares already stays as it is
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "workspace", "title", "force"])]
    pub append: Option<PathBuf>,
    /// The workspace's name; by default that of the output
    #[arg(long, value_name = "NAME")]
    pub workspace: Option<String>,
    /// The workspace's title; by default made of its name
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// Write over a file that exists
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Keep the ids in `env/NAME.toml`, which an environment is; names that it has for ids stay
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Option<String>,
}

/// `chatflow i18n`.
#[derive(Debug, Subcommand)]
pub enum I18nCommand {
    /// Write the texts of flows to catalogues (.po), or bring them up to date
    Extract(ExtractArguments),
    /// Say how much of each catalogue is translated
    Status(StatusArguments),
}

/// `chatflow i18n extract`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow i18n extract
  chatflow i18n extract bots/hello.flow --language nl

A catalogue stands beside its flow: hello.nl.po beside hello.flow. What is translated stays; where a text has changed,
its translation is marked as fuzzy and not used until somebody has looked at it; nothing is lost.")]
pub struct ExtractArguments {
    /// A `.flow` file with what it uses, or a folder: then the whole project it is in
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The language: `nl`; may be repeated; without it, those that the flows name
    #[arg(short, long, value_name = "TAG")]
    pub language: Vec<String>,
}

/// `chatflow i18n status`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow i18n status
  chatflow i18n status bots/hello.flow")]
pub struct StatusArguments {
    /// A `.flow` file with what it uses, or a folder: then the whole project it is in
    #[arg(default_value = ".")]
    pub path: PathBuf,
}

/// `chatflow inspect`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow inspect hello.flowc
  chatflow inspect hello.flow")]
pub struct InspectArguments {
    /// A compiled `.flowc` file, or a `.flow` file, which is compiled first
    pub path: PathBuf,
}

/// `chatflow explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow explain
  chatflow explain E0201
  chatflow explain \"book meeting\"")]
pub struct ExplainArguments {
    /// A code, like E0201, or a word of the language, like `ask` or `is known`; without one, all codes are listed
    #[arg(allow_hyphen_values = true)]
    pub code: Option<String>,
}

/// `chatflow lsp`.
#[derive(Debug, Args)]
pub struct LspArguments {
    /// Talk over standard input and output, as it always does; many editors say so
    #[arg(long)]
    pub stdio: bool,
}

/// `chatflow completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow completions bash > ~/.local/share/bash-completion/completions/chatflow
  chatflow completions fish > ~/.config/fish/completions/chatflow.fish")]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `chatflow man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chatflow man --out ~/.local/share/man/man1")]
pub struct ManArguments {
    /// The folder to write them to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
