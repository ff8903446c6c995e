//! Chatflow in Zed: where the language server is.
//!
//! The command is that of Zed's setting `lsp.chatflow.binary`, else `chatflow` where the project's shell finds it.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Chatflow;

impl zed::Extension for Chatflow {
    fn new() -> Self {
        Chatflow
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let set = LspSettings::for_worktree(server.as_ref(), worktree).ok().and_then(|settings| settings.binary);
        let (path, arguments) = set.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path.or_else(|| worktree.which("chatflow")).ok_or_else(|| {
            "`chatflow` is not installed, or not on the PATH; `lsp.chatflow.binary.path` in the settings can say where it is"
                .to_owned()
        })?;
        let args = arguments.unwrap_or_else(|| vec!["lsp".to_owned()]);
        Ok(Command { command, args, env: worktree.shell_env() })
    }

    fn language_server_workspace_configuration(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<zed::serde_json::Value>> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?;
        Ok(settings.settings)
    }
}

zed::register_extension!(Chatflow);
