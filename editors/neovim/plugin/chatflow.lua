-- What the lenses offer: to run tests, and to list what leads to a step.
vim.lsp.commands["chatflow.runTest"] = function(command)
  local uri, name = unpack(command.arguments)
  local words = { "chatflow", "test", vim.uri_to_fname(uri) }
  if name then vim.list_extend(words, { "--filter", name }) end
  vim.cmd("botright new")
  vim.fn.jobstart(words, { term = true })
end

vim.lsp.commands["chatflow.showReferences"] = function(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local items = vim.lsp.util.locations_to_items(command.arguments[3], client.offset_encoding)
  vim.fn.setqflist({}, " ", { title = command.title, items = items })
  vim.cmd("botright copen")
end
