-- The language server, for `vim.lsp.enable("chatflow")`.
return {
  cmd = { "chatflow", "lsp" },
  filetypes = { "flow" },
  root_markers = { "chatflow.toml", ".git" },
}
