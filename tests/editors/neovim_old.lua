-- The server in an old Neovim, that of Debian: it is told of findings, counts in UTF-16 and has no `vim.lsp.config`.
local function fail(what)
  io.stdout:write("FAILED: " .. what .. "\n")
  vim.cmd("cquit 1")
end
local function check(what, condition)
  if not vim.wait(20000, condition, 20) then fail(what) end
end

vim.cmd("edit " .. vim.env.FOLDER .. "/shop.flow")
vim.bo.filetype = "flow"
local id = vim.lsp.start_client({ name = "chatflow", cmd = { vim.env.CHATFLOW, "lsp" }, root_dir = vim.env.FOLDER })
vim.lsp.buf_attach_client(0, id)
check("findings show", function() return #vim.diagnostic.get(0) == 1 end)
local encoding = vim.lsp.get_client_by_id(id).offset_encoding

local function request(method, params)
  local answer = vim.lsp.buf_request_sync(0, method, params, 20000)
  if not answer or not answer[id] or answer[id].err then fail(method .. " " .. vim.inspect(answer)) end
  return answer[id].result
end
local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
local document = vim.lsp.util.make_text_document_params()

-- A code action mends.
local place = { line = 6, character = 6 }
local actions = request("textDocument/codeAction",
  { textDocument = document, range = { start = place, ["end"] = place }, context = { diagnostics = {} } })
for _, action in ipairs(actions) do
  if action.title == "write `thanks`" then vim.lsp.util.apply_workspace_edit(action.edit, encoding) end
end
check("the finding goes", function() return #vim.diagnostic.get(0) == 0 end)
if lines()[7] ~= "  -> thanks" then fail("the action writes the name") end

-- Completion inserts.
vim.api.nvim_buf_set_lines(0, 6, 7, false, { "  -> th" })
local items = request("textDocument/completion",
  { textDocument = document, position = { line = 6, character = 7 } })
for _, item in ipairs(items.items or items) do
  if item.label == "thanks" then
    vim.lsp.util.apply_text_edits({ item.textEdit }, vim.api.nvim_get_current_buf(), encoding)
  end
end
if lines()[7] ~= "  -> thanks" then fail("completion inserts the step") end

-- A rename edits two files.
local edit = request("textDocument/rename",
  { textDocument = document, position = { line = 5, character = 14 }, newName = "gather" })
vim.lsp.util.apply_workspace_edit(edit, encoding)
local module = vim.api.nvim_buf_get_lines(vim.fn.bufnr(vim.env.FOLDER .. "/details.flow"), 0, -1, false)
if lines()[6] ~= "  do details.gather" or module[3] ~= "step gather {" then fail("a rename") end

-- The file gets its layout.
local tidy = lines()
vim.api.nvim_buf_set_lines(0, 6, 7, false, { "->    thanks" })
local edits = request("textDocument/formatting",
  { textDocument = document, options = { tabSize = 2, insertSpaces = true } })
vim.lsp.util.apply_text_edits(edits, vim.api.nvim_get_current_buf(), encoding)
if not vim.deep_equal(lines(), tidy) then fail("formatting") end
io.stdout:write("fine\n")
vim.cmd("qall!")
